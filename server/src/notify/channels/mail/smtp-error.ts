import { ChannelError } from '../channel.ts'

/** What nodemailer says about a failed step. */
export interface SmtpErrorFacts {
  message: string
  /** EAUTH, EENVELOPE, EMESSAGE, ETLS, ESOCKET, ETIMEDOUT, ECONNECTION, EDNS … */
  code: string | undefined
  /** The step: `RCPT TO`, `MAIL FROM`, `DATA`, `AUTH PLAIN` … */
  command: string | undefined
  /** The server's words, beginning with its number. */
  response: string | undefined
  responseCode: number | undefined
}

/**
 * Kind of a failure by RFC 5321 and RFC 3463: 4xx is tried again, 5xx is not; a 5xx to the recipient is about the recipient, unless its
 * enhanced code is 5.7 (policy: relaying, spam). `said` is what people are shown.
 */
export function smtpError({ message, code, command, responseCode }: SmtpErrorFacts, said: string): ChannelError {
  if (code === 'ETLS' || /certificate|altnames/i.test(message))
    return new ChannelError(
      'configuration',
      `${said}。加密失败，请核对加密方式和证书 · encryption failed; check its kind and the certificate`,
    )
  if (responseCode === undefined || responseCode < 500)
    return code === 'EAUTH' && responseCode === undefined
      ? new ChannelError('configuration', `${said}。无法登录 · the login is impossible`)
      : new ChannelError('unreachable', `${said}。稍后再试 · to be tried again`)
  if (code === 'EAUTH' || responseCode === 530 || responseCode === 535)
    return new ChannelError('refused', `${said}。用户名、密码或授权码不被接受 · user or password not accepted`)
  if (command === 'RCPT TO' && !/\b5\.7\.\d/.test(said))
    return new ChannelError('recipient', `${said}。收件地址不被接受 · the address is not accepted`)
  return new ChannelError('refused', `${said}。对方拒绝 · refused`)
}
