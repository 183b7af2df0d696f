import type { DeviceScheme } from '../scheme.ts'
import { decoded, hostOf, pathParts, queryOf } from '../url-parts.ts'
import { refusePassword, secretFrom } from '../url-secret.ts'
import { WrongInput } from '../wrong-input.ts'

/** The password without the shell's history; the printed block names the variable. */
const PASSWORD_VARIABLE = 'ROOMKEEPER_REDFISH_PASSWORD'
const form = 'redfish://[user@]host[:port][?fingerprint=<SHA-256>|ca=/path/ca.pem|insecure=true][&session=true]'

/** A BMC or rack PDU. A certificate that is not trusted yet is refused with its fingerprint, to be compared and given here. */
export const redfishScheme: DeviceScheme = {
  name: 'redfish',
  form,
  keysOf(url, { env }) {
    refusePassword(url, PASSWORD_VARIABLE, form)
    pathParts(url, 0, form)
    const query = queryOf(url, ['fingerprint', 'ca', 'insecure', 'session'], form)
    const username = decoded(url.username, form)
    const secret = secretFrom(PASSWORD_VARIABLE, env)
    if (username !== '' && secret === undefined)
      throw new WrongInput(
        `缺少密码：设置环境变量 ${PASSWORD_VARIABLE} · the password is missing: set the variable ${PASSWORD_VARIABLE}; 格式 · written as: ${form}`,
      )
    const text = (name: string) => (query.has(name) ? { [name]: query.get(name) } : {})
    // What is neither is left to the schema, which names the key.
    const flag = (name: string) => (query.has(name) ? { [name]: query.get(name) === 'true' ? true : query.get(name) } : {})
    return {
      ...hostOf(url, form),
      ...(username !== '' && { username, passwordEnv: PASSWORD_VARIABLE }),
      ...text('fingerprint'),
      ...text('ca'),
      ...flag('insecure'),
      ...flag('session'),
    }
  },
  async explore(keys) {
    const { host, port = 443 } = keys as { host: string; port?: number }
    return { facts: [`Redfish ${host}:${port}`], devices: [{ id: `redfish-${host}`, keys }] }
  },
}
