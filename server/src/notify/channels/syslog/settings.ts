import { z } from 'zod'

/** RFC 5424 table 1; the ones of operating systems' own parts are left out. */
export const FACILITIES = {
  user: 1,
  daemon: 3,
  local0: 16,
  local1: 17,
  local2: 18,
  local3: 19,
  local4: 20,
  local5: 21,
  local6: 22,
  local7: 23,
} as const
type Facility = keyof typeof FACILITIES

const optionalPem = (what: string) =>
  z
    .string()
    .regex(/^-----BEGIN [\s\S]+-----END [^\n]+-----\s*$/, `应为 PEM 格式的${what} · must be PEM`)
    .optional()

export const syslogSettings = z
  .strictObject({
    host: z
      .string()
      .regex(/^[0-9A-Za-z_.:-]{1,253}$/, '应为主机名或 IP 地址 · must be a host name or an IP address')
      .describe('日志服务器地址 · Address of the log server'),
    port: z.int().min(1).max(65535).optional().describe('端口；默认 UDP、TCP 为 514，TLS 为 6514 · Port; by default 514, with TLS 6514'),
    transport: z
      .enum(['udp', 'tcp', 'tls'])
      .default('tcp')
      .describe('传输方式；udp 无法知道是否送达 · Transport; with udp nobody ever knows whether it arrived'),
    facility: z
      .enum(Object.keys(FACILITIES) as [Facility, ...Facility[]])
      .default('local0')
      .describe('设施（facility） · Facility'),
    hostname: z
      .string()
      .regex(/^[!-~]{1,255}$/, '应为不含空格的 ASCII · must be ASCII without spaces')
      .optional()
      .describe('消息中的主机名；默认为本机名 · Host name in the messages; by default this machine’s'),
    appName: z
      .string()
      .regex(/^[!-~]{1,48}$/, '应为不含空格的 ASCII，至多 48 个字符 · must be ASCII without spaces, at most 48 characters')
      .default('roomkeeper')
      .describe('消息中的程序名（APP-NAME） · Name of the program in the messages (APP-NAME)'),
    maxBytes: z
      .int()
      .min(480)
      .max(65000)
      .default(2048)
      .describe(
        '一条消息的最大字节数；RFC 5424 要求接收方至少接受 480，建议 2048 · Longest message in bytes; RFC 5424 has every receiver take 480, and recommends 2048',
      ),
    ca: optionalPem('证书').describe(
      'TLS：签发服务器证书的 CA（PEM）；默认用系统信任的 CA · TLS: authority of the server’s certificate (PEM); by default the system’s',
    ),
    clientCertificate: optionalPem('证书').describe(
      'TLS：本机证书（PEM），服务器要求时填写 · TLS: own certificate (PEM), where the server asks for one',
    ),
    clientKey: optionalPem('私钥').describe('TLS：本机证书的私钥（PEM） · TLS: private key of the own certificate (PEM)'),
  })
  .superRefine(({ clientCertificate, clientKey }, context) => {
    if ((clientCertificate === undefined) !== (clientKey === undefined))
      context.addIssue({
        code: 'custom',
        path: [clientKey === undefined ? 'clientKey' : 'clientCertificate'],
        message: '证书和私钥须同时填写 · certificate and key go together',
      })
  })
export type SyslogSettings = z.infer<typeof syslogSettings>
