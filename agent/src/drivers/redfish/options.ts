import { z } from 'zod'
import { absolutePath, tlsShape } from '../tls-options.ts'

const secret = z.string().min(1)

/** The `redfish` device's own keys in agent.yaml. */
export const redfishOptions = z
  .strictObject({
    host: z
      .string()
      .regex(/^[^\s/@?#]+$/, '只写主机名或地址 · only the name or address of the host')
      .describe('BMC 或 PDU 的地址 · Address of the BMC or PDU'),
    port: z.int().min(1).max(65535).default(443).describe('HTTPS 端口 · HTTPS port'),
    username: z
      .string()
      .regex(/^[^:]+$/, '不能有冒号 · no colon')
      .optional()
      .describe('用户名；只读权限即可 · User; a read-only one is enough'),
    password: secret.optional().describe('密码；最好写在文件或环境变量中 · Password; better in a file or a variable'),
    passwordFile: absolutePath.optional().describe('首行为密码的文件 · A file whose first line is the password'),
    passwordEnv: secret.optional().describe('存放密码的环境变量 · Variable that holds the password'),
    session: z
      .boolean()
      .default(false)
      .describe('登录一次，用会话令牌代替每次的密码 · Logs in once and sends a session token instead of the password each time'),
    ...tlsShape,
    insecure: z
      .boolean()
      .default(false)
      .describe('不检查证书；仅在隔离的管理网使用 · Does not check the certificate; only in a closed management network'),
  })
  .superRefine((options, context) => {
    const wrong = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
    const passwords = (['password', 'passwordFile', 'passwordEnv'] as const).filter((key) => options[key] !== undefined)
    for (const key of passwords.slice(1)) wrong(key, '密钥只写一处 · the secret is given twice')
    if (passwords.length > 0 && options.username === undefined) wrong('username', '缺少用户名 · a password needs a user name')
    if (options.username !== undefined && passwords.length === 0) wrong('password', '缺少密码 · a user name needs a password')
    if (options.session && options.username === undefined) wrong('username', '会话需要用户名 · a session needs a user name')
    const trusts = (['ca', 'fingerprint', 'insecure'] as const).filter((key) => options[key] !== undefined && options[key] !== false)
    for (const key of trusts.slice(1)) wrong(key, 'ca、fingerprint、insecure 只能选一种 · only one of ca, fingerprint and insecure')
  })
export type RedfishOptions = z.infer<typeof redfishOptions>
