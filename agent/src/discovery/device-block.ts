import { stringify } from 'yaml'
import type { DeviceSnapshot } from './read-device.ts'
import type { DeviceKeys } from './scheme.ts'
import { makerAndModel, snapshotTable } from './snapshot-text.ts'

/** Long enough for a version 3 password, so that the block loads and the device then says "denied". */
const PLACEHOLDER = 'CHANGE-ME'
const SECRET = /(password|community|token)$/i
/** Nobody's secret: the default of most devices. */
const PUBLIC_COMMUNITY = 'public'
const MAX_NAME_CHARACTERS = 100
const MAX_ID_CHARACTERS = 64

/**
 * A device's lines for the list `devices` in agent.yaml, with what it said just now as comments. Secrets are replaced by a placeholder
 * and a comment says so.
 */
export function deviceBlock(id: string, driver: string, keys: DeviceKeys, snapshot: DeviceSnapshot): string[] {
  const shown = withoutSecrets(keys) as DeviceKeys
  const name = makerAndModel(snapshot).slice(0, MAX_NAME_CHARACTERS)
  const device = { id: topicName(id), driver, ...(name !== '' && { name }), intervalMs: 10_000, ...shown }
  const lines = stringify([device], { lineWidth: 0 }).trimEnd().split('\n')
  const hasPlaceholder = JSON.stringify(shown).includes(PLACEHOLDER)
  const values = ['现在的读数 · present values:', ...snapshotTable(snapshot).map((line) => `  ${line}`)]
  const comments = [
    '可加 room: 机房名 · you may add room: <the room>',
    ...(hasPlaceholder
      ? [`把 ${PLACEHOLDER} 换成真实的密钥，此处不显示 · put the secret in place of ${PLACEHOLDER}: it is not shown here`]
      : []),
    ...values,
  ]
  return [...lines.map((line) => `  ${line}`), ...comments.map((comment) => `    # ${comment}`.trimEnd())]
}

function withoutSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((part) => withoutSecrets(part))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([inner, part]) => [inner, withoutSecrets(part, inner)]))
  return SECRET.test(key) && value !== PUBLIC_COMMUNITY ? PLACEHOLDER : value
}

/** An id may stand in an MQTT topic: no `+`, `#`, `/` or control characters. */
function topicName(id: string): string {
  return id.replace(/[+#/\p{Cc}]/gu, '-').slice(0, MAX_ID_CHARACTERS) || 'device'
}
