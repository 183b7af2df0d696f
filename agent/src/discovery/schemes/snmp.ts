import { DriverError } from '../../drivers/driver.ts'
import { SnmpClient } from '../../drivers/snmp/client.ts'
import { detectProfiles } from '../../drivers/snmp/detect.ts'
import { snmpOptions } from '../../drivers/snmp/options.ts'
import { loadProfiles } from '../../drivers/snmp/profile.ts'
import type { DeviceKeys, DeviceScheme, Given } from '../scheme.ts'
import { decoded, hostOf, pathParts, queryOf } from '../url-parts.ts'
import { WrongInput } from '../wrong-input.ts'

const form =
  'snmp://[community@]host[:port][?version=1|2c], snmp://user@host[:port]?version=3[&authProtocol=…&authPassword=…&privProtocol=…&privPassword=…&context=…]'
const PARAMETERS = ['version', 'user', 'authProtocol', 'authPassword', 'privProtocol', 'privPassword', 'context', 'profile']
const V3_PARAMETERS = ['user', 'authProtocol', 'authPassword', 'privProtocol', 'privPassword', 'context']
/** Secrets without the shell's history. */
const SECRETS = {
  community: 'ROOMKEEPER_SNMP_COMMUNITY',
  authPassword: 'ROOMKEEPER_SNMP_AUTH_PASSWORD',
  privPassword: 'ROOMKEEPER_SNMP_PRIV_PASSWORD',
}

const SYSTEM = { sysDescr: '1.3.6.1.2.1.1.1.0', sysObjectID: '1.3.6.1.2.1.1.2.0', sysName: '1.3.6.1.2.1.1.5.0' }

/** A device with an SNMP agent. What stands before the @ is the community, with version 3 the user (RFC 4088). */
export const snmpScheme: DeviceScheme = {
  name: 'snmp',
  form,
  keysOf(url, given) {
    if (url.password !== '')
      throw new WrongInput(
        `@ 之前不能有密码 · no password before the @ (version 3: ?authPassword= or ${SECRETS.authPassword}; a colon in a community: %3A); 格式 · written as: ${form}`,
      )
    pathParts(url, 0, form)
    const query = queryOf(url, PARAMETERS, form)
    const version = query.get('version')
    const profile = query.get('profile')
    const common = { ...hostOf(url, form), ...(version !== undefined && { version }), ...(profile !== undefined && { profile }) }
    const before = decoded(url.username, form)
    return version === '3' ? { ...common, ...userKeys(query, before, given) } : { ...common, ...communityKeys(query, before, given) }
  },
  async explore(keys, { timeoutMs, profilesDir }) {
    const options = snmpOptions.parse(keys)
    const client = new SnmpClient(options, timeoutMs)
    try {
      const values = await client.get(Object.values(SYSTEM))
      const known = loadProfiles(profilesDir)
      const facts = Object.entries(SYSTEM).flatMap(([name, oid]) => {
        const value = values.get(oid)
        return value === undefined || value === '' ? [] : [`${name}: ${value}`]
      })
      const { profiles } = await detectProfiles(known, options.profile, client).catch((error: unknown) => {
        // Without a profile the device is still there, and what it says of itself is what a new profile begins with.
        if (!(error instanceof DriverError) || error.kind !== 'configuration') throw error
        return { profiles: [] }
      })
      if (profiles.length === 0) return { facts, devices: [], missing: noProfile(known.profiles.map(({ name }) => name)) }
      facts.push(...profiles.map(({ name, title }) => `profile: ${name}（${title.zh} · ${title.en}）`))
      return { facts, devices: [{ id: `snmp-${options.host}`, keys }] }
    } finally {
      client.close()
    }
  },
}

function noProfile(known: readonly string[]): string {
  return `没有适合此设备的 profile · no profile fits this device; 现有 · there are: ${known.join(', ')}`
}

function communityKeys(query: ReadonlyMap<string, string>, before: string, { env }: Given): DeviceKeys {
  const [stray] = V3_PARAMETERS.filter((name) => query.has(name))
  if (stray !== undefined) throw new WrongInput(`?${stray}= 只用于 version=3 · belongs to version=3 only; 格式 · written as: ${form}`)
  const community = before || env[SECRETS.community]
  return community ? { community } : {}
}

function userKeys(query: ReadonlyMap<string, string>, before: string, { env }: Given): DeviceKeys {
  const name = query.get('user') ?? before
  if (name === '')
    throw new WrongInput(
      `version=3 需要用户名 · version 3 needs a user: snmp://user@host?version=3; 密码可由环境变量给出 · passwords may come from ${SECRETS.authPassword} and ${SECRETS.privPassword}`,
    )
  const text = (key: string): DeviceKeys => (query.has(key) ? { [key]: query.get(key) } : {})
  const secret = (key: 'authPassword' | 'privPassword'): DeviceKeys => {
    const value = query.get(key) ?? (env[SECRETS[key]] || undefined)
    return value === undefined ? {} : { [key]: value }
  }
  const user = { name, ...text('authProtocol'), ...secret('authPassword'), ...text('privProtocol'), ...secret('privPassword') }
  return { user, ...text('context') }
}
