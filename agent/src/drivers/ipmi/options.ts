import { z } from 'zod'

/** The `ipmi` device's own keys in agent.yaml. */
export const ipmiOptions = z
  .strictObject({
    host: z.string().min(1).optional().describe('BMC 的地址；不写则为本机 · Address of the BMC; this machine’s own without it'),
    port: z.int().min(1).max(65535).default(623).describe('UDP 端口 · UDP port'),
    interface: z.enum(['lanplus', 'lan']).default('lanplus').describe('IPMI 2.0（加密）或 1.5 · IPMI 2.0 (encrypted) or 1.5'),
    user: z.string().max(16).default('').describe('用户名 · User'),
    password: z
      .string()
      .min(1)
      .max(20)
      .optional()
      .describe('密码；更好的是 passwordFile 或 passwordEnv · Better by passwordFile or passwordEnv'),
    passwordFile: z.string().min(1).optional().describe('第一行是密码的文件 · A file whose first line is the password'),
    passwordEnv: z.string().min(1).optional().describe('存有密码的环境变量 · The variable that holds the password'),
    privilege: z
      .enum(['user', 'operator', 'administrator'])
      .default('user')
      .describe('会话权限；读传感器只需 user · Privilege of the session; reading sensors needs no more than user'),
    cipherSuite: z
      .int()
      .min(0)
      .max(17)
      .optional()
      .describe('加密套件（3 或 17）；不写则询问 BMC · Cipher suite (3, 17); asked of the BMC without it'),
    ipmitool: z.string().startsWith('/').default('/usr/bin/ipmitool').describe('ipmitool 的路径 · Path of ipmitool'),
  })
  .superRefine(({ host, user, password, passwordFile, passwordEnv }, context) => {
    const given = [password, passwordFile, passwordEnv].filter((secret) => secret !== undefined).length
    if (given > 1) context.addIssue({ code: 'custom', path: ['password'], message: 'only one of password, passwordFile and passwordEnv' })
    if (host === undefined && (given > 0 || user !== ''))
      context.addIssue({ code: 'custom', path: ['host'], message: 'a user is for a BMC in the network: host is missing' })
  })
export type IpmiOptions = z.infer<typeof ipmiOptions>
