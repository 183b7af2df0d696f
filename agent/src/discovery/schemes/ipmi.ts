import type { DeviceScheme } from '../scheme.ts'
import { decoded, hostOf, pathParts, queryOf } from '../url-parts.ts'
import { refusePassword, secretFrom } from '../url-secret.ts'

/** The password without the shell's history; the printed block names the variable. */
const PASSWORD_VARIABLE = 'ROOMKEEPER_IPMI_PASSWORD'
const form = 'ipmi://[user@]host[:port][?interface=lanplus|lan][&cipherSuite=3][&privilege=user|operator|administrator]'

/** A BMC in the network. */
export const ipmiScheme: DeviceScheme = {
  name: 'ipmi',
  form,
  keysOf(url, { env }) {
    refusePassword(url, PASSWORD_VARIABLE, form)
    pathParts(url, 0, form)
    const query = queryOf(url, ['interface', 'cipherSuite', 'privilege'], form)
    const user = decoded(url.username, form)
    const secret = secretFrom(PASSWORD_VARIABLE, env)
    const cipherSuite = query.get('cipherSuite')
    return {
      ...hostOf(url, form),
      // Some BMCs have a user without a password, or none at all.
      ...(user !== '' && { user }),
      ...(secret !== undefined && { passwordEnv: PASSWORD_VARIABLE }),
      ...(query.has('interface') && { interface: query.get('interface') }),
      ...(query.has('privilege') && { privilege: query.get('privilege') }),
      // What is no number is left to the schema, which names the key.
      ...(cipherSuite !== undefined && { cipherSuite: /^\d+$/.test(cipherSuite) ? Number(cipherSuite) : cipherSuite }),
    }
  },
  async explore(keys) {
    const { host, port = 623 } = keys as { host: string; port?: number }
    return { facts: [`IPMI ${host}:${port}`], devices: [{ id: `ipmi-${host}`, keys }] }
  },
}
