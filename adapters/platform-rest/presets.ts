// Ready-made formats: settings like any other, kept as JSON beside this file. A preset can say nothing that the settings
// of a system could not; a system's own settings are laid over it.

import county from './presets/county-pinyin.json' with { type: 'json' }
import exchange from './presets/guangdong-sb.json' with { type: 'json' }
import type { CallbackSettings, IncomingSettings, PresetName } from './settings.ts'

interface Preset {
  incoming?: IncomingSettings
  callbacks?: Pick<CallbackSettings, 'message' | 'answer' | 'repeatable'>
}

export const presets: Readonly<Record<PresetName, Preset>> = {
  'county-pinyin': county as Preset,
  'guangdong-sb': exchange as Preset,
}

/** The settings of what comes in, laid over their preset. */
export function completeIncoming(own: IncomingSettings): IncomingSettings {
  const base = own.preset === undefined ? {} : (presets[own.preset].incoming ?? {})
  const fields = { ...base.fields, ...own.fields }
  const acknowledge = { ...base.acknowledge, ...own.acknowledge }
  return { ...base, ...own, fields, acknowledge }
}

/** The settings of what goes out, laid over their preset. */
export function completeCallbacks(own: CallbackSettings): CallbackSettings {
  const base = own.preset === undefined ? {} : (presets[own.preset].callbacks ?? {})
  const message = base.message && own.message ? layered(base.message, own.message) : {}
  return { ...base, ...own, ...message }
}

function layered(
  base: NonNullable<CallbackSettings['message']>,
  own: NonNullable<CallbackSettings['message']>,
): Pick<CallbackSettings, 'message'> {
  return { message: { ...base, ...own, fields: { ...base.fields, ...own.fields } } }
}
