import { z } from 'zod'

const AUTH_PROTOCOLS = ['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'] as const
const PRIV_PROTOCOLS = ['des', 'aes', 'aes256b', 'aes256r'] as const
const password = z.string().min(8, 'SNMPv3 passwords have at least 8 characters (RFC 3414)')

/** The `snmp` device's own keys in agent.yaml. */
export const snmpOptions = z
  .strictObject({
    host: z.string().min(1).describe('设备地址 · Address of the device'),
    port: z.int().min(1).max(65535).default(161).describe('UDP 端口 · UDP port'),
    version: z
      .preprocess((value) => (typeof value === 'number' ? String(value) : value), z.enum(['1', '2c', '3']))
      .default('2c')
      .describe('SNMP 版本：1、2c、3 · SNMP version: 1, 2c or 3'),
    community: z.string().min(1).default('public').describe('团体名（1、2c 版） · Community, for versions 1 and 2c'),
    user: z
      .strictObject({
        name: z.string().min(1).max(32),
        authProtocol: z.enum(AUTH_PROTOCOLS).default('sha'),
        authPassword: password.optional(),
        privProtocol: z.enum(PRIV_PROTOCOLS).default('aes'),
        privPassword: password.optional(),
      })
      .optional()
      .describe('第 3 版的用户；不写密码即不认证、不加密 · Version 3 user; without passwords there is no authentication, no encryption'),
    context: z.string().default('').describe('第 3 版的上下文名 · Version 3 context name'),
    trapPort: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe(
        '接收此设备 trap 的 UDP 端口（通常 162），收到即读；不写则不接收 · UDP port on which traps of this device arrive (normally 162); each makes a scan at once',
      ),
    profile: z.string().default('auto').describe('设备类型文件名，auto 为自动识别 · Name of the device profile; auto finds out by itself'),
  })
  .superRefine((options, context) => {
    const wrong = (path: string[], message: string): void => context.addIssue({ code: 'custom', path, message })
    if (options.version === '3' && options.user === undefined) wrong(['user'], 'version 3 needs a user')
    if (options.version !== '3' && options.user !== undefined)
      wrong(['user'], `version ${options.version} has no users; did you mean version: 3?`)
    if (options.user?.privPassword !== undefined && options.user.authPassword === undefined) {
      wrong(['user', 'authPassword'], 'there is no encryption without authentication (RFC 3414)')
    }
  })
export type SnmpOptions = z.infer<typeof snmpOptions>
