import { z } from 'zod'
import { certificateAuthority } from '../http-post.ts'

/** Submission with STARTTLS (RFC 6409), implicit TLS (RFC 8314), plain SMTP. */
export const DEFAULT_PORTS = { starttls: 587, implicit: 465, none: 25 } as const

export const mailSettings = z
  .strictObject({
    host: z
      .string()
      .regex(/^[\w.:-]+$/, '应为主机名或 IP 地址 · a host name or an IP address')
      .describe('SMTP 服务器的名称或地址 · Name or address of the SMTP server'),
    port: z
      .int()
      .min(1)
      .max(65535)
      .optional()
      .describe('端口；不填则按加密方式取 587、465 或 25 · Port; 587, 465 or 25 by the kind of encryption when empty'),
    tls: z
      .enum(['starttls', 'implicit', 'none'])
      .default('starttls')
      .describe(
        '加密：starttls（必须成功，否则不发送）、implicit（连接即加密）、none（不加密，仅限院内） · Encryption: starttls (or nothing is sent), implicit (from the start), none (inside the hospital only)',
      ),
    user: z.string().min(1).optional().describe('登录用户名；服务器不要求登录时不填 · User, when the server wants a login'),
    password: z.string().min(1).optional().describe('密码或授权码 · Password, or the authorisation code of the mail provider'),
    from: z
      .email('应为邮箱地址 · a mail address')
      .describe('发件地址，多数服务器要求与登录用户一致 · Sender; most servers want the address of the user'),
    fromName: z.string().max(60).default('机房管家 Roomkeeper').describe('发件人显示名 · Name of the sender'),
    maxFilesMb: z
      .int()
      .min(0)
      .max(100)
      .default(20)
      .describe(
        '附件总大小上限（MB）；超过时邮件只附下载链接。邮件服务器的限制按编码后计，约大三分之一 · Files that a mail carries, MB in all; with more it has the link only. Mail servers count a third more, because files are encoded',
      ),
    ca: certificateAuthority,
  })
  .superRefine((settings, context) => {
    const wrong = (key: string, message: string): void => context.addIssue({ code: 'custom', path: [key], message })
    if (settings.password !== undefined && settings.user === undefined) wrong('user', '缺少用户名 · a password needs a user')
    if (settings.user !== undefined && settings.password === undefined) wrong('password', '缺少密码 · a user needs a password')
    if (settings.password !== undefined && settings.tls === 'none')
      wrong('tls', '密码不能明文传输，请启用加密 · a password is not sent without encryption')
    if (settings.ca !== undefined && settings.tls === 'none') wrong('ca', '未加密时无需证书 · there is no certificate without encryption')
  })
export type MailSettings = z.infer<typeof mailSettings>
