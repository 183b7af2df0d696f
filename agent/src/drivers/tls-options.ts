import { isAbsolute } from 'node:path'
import { z } from 'zod'

export const absolutePath = z.string().refine(isAbsolute, '请写绝对路径 · an absolute path')

/** Whose certificate a device may show: keys of agent.yaml that drivers with TLS share. */
export const tlsShape = {
  ca: absolutePath.optional().describe('签发设备证书的机构证书（PEM） · PEM file of the authority that signed the device’s certificate'),
  fingerprint: z
    .string()
    .transform((text) => text.replaceAll(':', '').toUpperCase())
    .pipe(z.string().regex(/^[0-9A-F]{64}$/, '设备证书的 SHA-256 指纹，64 位十六进制 · SHA-256 of the device’s certificate, 64 hex digits'))
    .optional()
    .describe('只信任此指纹的证书（自签名设备） · Trusts just this certificate, for devices that sign their own'),
}
