import { z } from 'zod'
import { checkPoints, jsonPath, jsonPointShape } from '../json-points.ts'
import { absolutePath, tlsShape } from '../tls-options.ts'
import { PRESETS } from './preset-paths.ts'

const secret = z.string().min(1)

/** The `http-json` device's own keys in agent.yaml. */
export const httpJsonOptions = z
  .strictObject({
    url: z
      .url({ protocol: /^https?$/, error: 'http:// 或 https:// 地址 · an http:// or https:// URL' })
      .refine(
        (text) => !URL.canParse(text) || (new URL(text).username === '' && new URL(text).password === ''),
        '用户名和密码写在 username、password · a user belongs into username and password',
      )
      .describe('读取的地址；有 preset 时只写设备地址 · What to read; with a preset only the address of the device'),
    preset: z
      .enum(Object.keys(PRESETS) as [keyof typeof PRESETS, ...(keyof typeof PRESETS)[]])
      .optional()
      .describe('已知设备，测点自动得出 · A known make, whose points are found by themselves'),
    points: z
      .array(z.strictObject({ ...jsonPointShape, path: jsonPath }))
      .min(1)
      .optional()
      .describe('测点及其 JSON 路径 · The points and their paths'),
    headers: z
      .record(
        z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, '不是 HTTP 头的名称 · not the name of a header'),
        z.string().regex(/^[\t\x20-\x7e]*$/, '只能是可打印的 ASCII 字符 · printable ASCII only'),
      )
      .default({})
      .describe('附加的请求头 · Further request headers'),
    username: z
      .string()
      .regex(/^[^:]+$/, '不能有冒号 · no colon')
      .optional()
      .describe('Basic 认证的用户名 · User of basic authentication'),
    password: secret.optional().describe('密码；最好写在文件或环境变量中 · Password; better in a file or a variable'),
    passwordFile: absolutePath.optional().describe('首行为密码的文件 · A file whose first line is the password'),
    passwordEnv: secret.optional().describe('存放密码的环境变量 · Variable that holds the password'),
    token: secret.optional().describe('Bearer 令牌；最好写在文件或环境变量中 · Bearer token; better in a file or a variable'),
    tokenFile: absolutePath.optional().describe('首行为令牌的文件 · A file whose first line is the token'),
    tokenEnv: secret.optional().describe('存放令牌的环境变量 · Variable that holds the token'),
    ...tlsShape,
  })
  .superRefine((options, context) => {
    const wrong = (path: (string | number)[], message: string): void => context.addIssue({ code: 'custom', path, message })
    if (options.preset === undefined && options.points === undefined) wrong(['points'], '缺少测点 · say which points to read, or a preset')
    if (options.preset !== undefined && options.points !== undefined) wrong(['points'], 'preset 已含测点 · the preset has its own points')
    const passwords = (['password', 'passwordFile', 'passwordEnv'] as const).filter((key) => options[key] !== undefined)
    const tokens = (['token', 'tokenFile', 'tokenEnv'] as const).filter((key) => options[key] !== undefined)
    for (const key of [...passwords.slice(1), ...tokens.slice(1)]) wrong([key], '密钥只写一处 · the secret is given twice')
    if (passwords.length > 0 && options.username === undefined) wrong(['username'], '缺少用户名 · a password needs a user name')
    if (tokens[0] !== undefined && options.username !== undefined) wrong([tokens[0]], '用户名与令牌只能选一种 · either a user or a token')
    const isPlain = options.url.startsWith('http:')
    for (const key of ['ca', 'fingerprint'] as const)
      if (isPlain && options[key] !== undefined) wrong([key], '仅用于 https:// · only https:// has a certificate')
    if (options.ca !== undefined && options.fingerprint !== undefined)
      wrong(['fingerprint'], 'ca 与 fingerprint 只能选一种 · either ca or fingerprint')
    if (options.points !== undefined) checkPoints(options.points, wrong)
  })
export type HttpJsonOptions = z.infer<typeof httpJsonOptions>
