// The interface has no question without effect, but a record without any field cannot be recorded: who
// refuses it for what it lacks has accepted address, signature and time before. In which words it does so is
// for the settings to say; any other answer proves nothing, and is shown.

import { checkedBy } from '../../src/adapter-kit/check.ts'
import type { Attempt } from '../../src/adapter-kit/contract.ts'
import { AdapterFailure } from '../../src/adapter-kit/failures.ts'
import { say } from './exchange.ts'
import type { HaochapingSettings } from './settings.ts'

const LONGEST_SHOWN = 200

export const check = (
  settings: HaochapingSettings,
  attempt: Attempt,
): Promise<{ ok: boolean; summary: string }> =>
  checkedBy(
    () => sayNothing(settings, attempt),
    '空记录因缺少内容被拒绝：地址、签名与时间已被接受 (an empty record was refused for what it lacks: address, signature and time are accepted)',
  )

async function sayNothing(settings: HaochapingSettings, attempt: Attempt): Promise<void> {
  const { desc, means } = await say({}, settings, attempt)
  const shown = desc?.trim().slice(0, LONGEST_SHOWN)
  if (shown !== undefined && shown === settings.checkAnswer) return
  if (shown === undefined)
    throw new AdapterFailure('unrecognised', '回复没有 C-Response-Desc (the answer has no C-Response-Desc)')
  if (means === 'done' || means === 'duplicate')
    throw new AdapterFailure(
      'unrecognised',
      `空记录也得到“${shown}”，不能证明签名有效 (it says this to an empty record too: that it looks at the signature is not shown)`,
    )
  if (means !== undefined && means !== 'rejected')
    throw new AdapterFailure(means, `好差评 (rating system): ${shown}`)
  throw new AdapterFailure(
    'unrecognised',
    `空记录得到“${shown}”；如为缺少必填项之意，请写入 checkAnswer (its answer to an empty record; where it says that fields are missing, put it into checkAnswer)`,
  )
}
