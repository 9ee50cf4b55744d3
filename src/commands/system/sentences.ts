// Every way an attempt can fail, as one sentence that tells an operator what to do about it.

import { AdapterFailure, type FailureKind } from '../../adapter-kit/failures.ts'

const sentences: Record<FailureKind, string> = {
  unavailable:
    '未能连通或对方故障：请核对地址、网络与防火墙，或联系对方 · not reached, or its own fault: check address, network and firewall, or call its operators',
  throttled: '对方要求放慢：稍候再试，或降低并发 · it asks us to slow down: wait, or lower its concurrency',
  uncertain:
    '已发出但没有完整应答：核对超时设置，请对方查看日志 · sent, but no whole answer came: check the time-out, ask for its log',
  undecided:
    '已接收，待对方人工确认：结果会再次查询，急件请联系对方 · taken, but a person of theirs decides: it is asked for again; call them where it is urgent',
  rejected: '对方读懂并拒绝：按其说明改正内容或设置 · understood and refused: mend what it complains about',
  unrecognised:
    '应答与约定不符：核对地址是否为接口、适配器设置是否正确 · the answer is not what was agreed: is this address the interface, are the settings right?',
  unauthorised:
    '凭证被拒绝：核对密钥、授权与本机时钟 · our credentials were refused: check secrets, grants and this machine’s clock',
}

/** What happened and what to do; never a stack. */
export function explainFailure(error: unknown): string {
  if (error instanceof AdapterFailure) {
    const code = error.code === undefined ? '' : ` [${error.code}]`
    return `${error.kind}${code}: ${error.message}\n    ${sentences[error.kind]}`
  }
  const { name, message } = error as Error
  return `fault of the adapter · 适配器缺陷: ${name}: ${message}`
}

export const sentenceOf = (kind: FailureKind): string => sentences[kind]
