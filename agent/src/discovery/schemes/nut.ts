import { DriverError } from '../../drivers/driver.ts'
import { NutClient } from '../../drivers/nut/client.ts'
import type { DeviceScheme } from '../scheme.ts'
import { hostOf, pathParts, queryOf, refuseUser } from '../url-parts.ts'

const DEFAULT_PORT = 3493
const form = 'nut://host[:port][/ups]'

/** A NUT server, and its UPSes. */
export const nutScheme: DeviceScheme = {
  name: 'nut',
  form,
  keysOf(url) {
    refuseUser(url, form)
    queryOf(url, [], form)
    const [ups] = pathParts(url, 1, form)
    return { ...hostOf(url, form), ...(ups !== undefined && { ups }) }
  },
  async explore(keys, { timeoutMs }) {
    const { host, port = DEFAULT_PORT, ups: wanted } = keys as { host: string; port?: number; ups?: string }
    const client = new NutClient({ host, port, timeoutMs })
    try {
      const upses = await client.listUpses()
      const facts = [`NUT ${host}:${port}: ${upses.length} 台 UPS · UPSes: ${upses.join(', ') || '—'}`]
      if (wanted !== undefined && !upses.includes(wanted)) {
        throw new DriverError('configuration', `the NUT server has no UPS "${wanted}"; it has: ${upses.join(', ') || 'none'}`)
      }
      const shown = wanted === undefined ? upses : [wanted]
      const missing =
        shown.length === 0 ? 'NUT 服务器上没有 UPS，请在 ups.conf 中添加 · the NUT server has no UPS; add one in ups.conf' : undefined
      return { facts, devices: shown.map((ups) => ({ id: ups, keys: { ...keys, ups } })), missing }
    } finally {
      client.close()
    }
  },
}
