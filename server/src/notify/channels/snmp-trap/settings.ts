import { z } from 'zod'

/** RFC 5612's number for examples: Roomkeeper has none of its own. Whoever has one sets `enterpriseOid` and changes one line of the MIB. */
export const EXAMPLE_ENTERPRISE_OID = '1.3.6.1.4.1.32473'
/** RFC 3411 section 5: enterprise 32473, format 4 (text), "roomkeeper". */
const ENGINE_ID = `80007ed904${Buffer.from('roomkeeper').toString('hex')}`

const password = z
  .string()
  .min(8, 'SNMPv3 的密码至少 8 个字符（RFC 3414） · SNMPv3 passwords have at least 8 characters (RFC 3414)')
  .optional()

export const snmpTrapSettings = z
  .strictObject({
    host: z
      .string()
      .regex(/^[0-9A-Za-z_.:-]{1,253}$/, '应为主机名或 IP 地址 · must be a host name or an IP address')
      .describe('网管站地址 · Address of the management station'),
    port: z.int().min(1).max(65535).default(162).describe('UDP 端口 · UDP port'),
    version: z.enum(['2c', '3']).default('2c').describe('SNMP 版本：2c 或 3 · SNMP version: 2c or 3'),
    mode: z
      .enum(['inform', 'trap'])
      .default('inform')
      .describe(
        'inform 由网管站应答，能确认送达；trap 无应答，无法知道是否送达 · inform: the station acknowledges it; trap: nobody ever knows whether it arrived',
      ),
    community: z.string().min(1).max(255).default('public').describe('团体名（2c 版） · Community, for version 2c'),
    user: z.string().max(32).default('').describe('用户名（3 版） · User name, for version 3'),
    authProtocol: z
      .enum(['md5', 'sha', 'sha224', 'sha256', 'sha384', 'sha512'])
      .default('sha')
      .describe('认证算法（3 版） · Authentication protocol, for version 3'),
    authPassword: password.describe('认证密码（3 版） · Authentication password, for version 3'),
    privProtocol: z
      .enum(['des', 'aes', 'aes256b', 'aes256r'])
      .default('aes')
      .describe('加密算法（3 版） · Privacy protocol, for version 3'),
    privPassword: password.describe('加密密码（3 版） · Privacy password, for version 3'),
    engineId: z
      .string()
      .regex(/^([0-9a-fA-F]{2}){5,32}$/, '应为 5 至 32 字节的十六进制 · must be 5 to 32 bytes in hexadecimal')
      .default(ENGINE_ID)
      .describe(
        '本机引擎 ID，仅用于 3 版 trap，网管站须以它建立用户 · Own engine id, for version 3 traps only: the station needs its user under it',
      ),
    enterpriseOid: z
      .string()
      .regex(/^1\.3\.6\.1\.4\.1(\.(0|[1-9]\d{0,9})){1,20}$/, '应以 1.3.6.1.4.1. 开头 · must begin with 1.3.6.1.4.1.')
      .default(EXAMPLE_ENTERPRISE_OID)
      .describe(
        '企业 OID；默认为示例号 32473（RFC 5612），有自己的企业号时填写 · Enterprise OID; by default the number for examples 32473 (RFC 5612); enter your own if you have one',
      ),
  })
  .superRefine(({ version, user, authPassword, privPassword }, context) => {
    const wrong = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
    if (version === '3' && user === '') wrong('user', '3 版需要用户名 · version 3 needs a user name')
    if (privPassword !== undefined && authPassword === undefined)
      wrong('authPassword', '加密须先认证（RFC 3414） · there is no encryption without authentication (RFC 3414)')
  })
export type SnmpTrapSettings = z.infer<typeof snmpTrapSettings>
