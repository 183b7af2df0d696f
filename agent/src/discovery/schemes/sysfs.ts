import type { DeviceScheme } from '../scheme.ts'
import { decoded, queryOf, refuseUser } from '../url-parts.ts'
import { WrongInput } from '../wrong-input.ts'

const form = 'sysfs:///sys'

/** The sensors of this machine, or of a folder that looks like sysfs. */
export const sysfsScheme: DeviceScheme = {
  name: 'sysfs',
  form,
  keysOf(url) {
    refuseUser(url, form)
    queryOf(url, [], form)
    if (url.host !== '')
      throw new WrongInput(`sysfs 只有路径，没有主机：三条斜线 · sysfs has a path and no host: three slashes; 格式 · written as: ${form}`)
    const root = decoded(url.pathname, form).replace(/\/+$/, '')
    return root === '' || root === '/sys' ? {} : { root }
  },
  explore: async (keys) => ({
    facts: [`sysfs: ${(keys as { root?: string }).root ?? '/sys'}`],
    devices: [{ id: 'this-machine', keys }],
  }),
}
