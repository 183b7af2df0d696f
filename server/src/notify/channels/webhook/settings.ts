import { z } from 'zod'
import { certificateAuthority } from '../http-post.ts'
import { allowedNetworks } from '../network-access.ts'
import { signedPostUrl, signingSecret } from '../signed-post.ts'

export const webhookSettings = z
  .strictObject({
    url: signedPostUrl.describe('接收地址；公网须用 https:// · Address that takes the POST; https:// on the public Internet'),
    secret: signingSecret.describe(
      '签名密钥，双方相同；以 whsec_ 开头时其余部分按 Base64 解码 · Key of the signature, the same on both sides; after whsec_ it is base64',
    ),
    token: z
      .string()
      .regex(/^[\x21-\x7e]+$/, '只能是可打印的 ASCII 字符 · printable ASCII only')
      .optional()
      .describe('Bearer 令牌；对方要求时填写 · Bearer token, when the other side wants one'),
    allowedNetworks,
    ca: certificateAuthority,
  })
  .superRefine(({ url, ca }, context) => {
    if (url.startsWith('http:') && ca !== undefined)
      context.addIssue({ code: 'custom', path: ['ca'], message: '仅用于 https:// · only https:// has a certificate' })
  })
export type WebhookSettings = z.infer<typeof webhookSettings>
