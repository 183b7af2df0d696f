import { constants } from 'node:fs'
import { access, readdir, stat } from 'node:fs/promises'
import type { DeviceConfig } from '../../config/index.ts'
import { type Finding, ok, problem } from './finding.ts'

const BY_ID = '/dev/serial/by-id'

/** Whether the ports that devices are on are there, and may be opened by this user. One finding for each port. */
export async function checkSerialPorts(devices: readonly DeviceConfig[]): Promise<Finding[]> {
  const ports = new Set(
    devices.flatMap(({ options }) =>
      Object.values(options ?? {}).filter((value) => typeof value === 'string' && value.startsWith('/dev/')),
    ),
  )
  return Promise.all([...ports].map((port) => checkSerialPort(String(port))))
}

async function checkSerialPort(port: string): Promise<Finding> {
  const subject = `串口 · serial port ${port}`
  try {
    const { uid, gid } = await stat(port)
    await access(port, constants.R_OK | constants.W_OK)
    return ok(subject, `可读写 · may be opened (owner ${uid}:${gid})`)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') {
      const there = await readdir(BY_ID).catch(() => [])
      const names =
        there.length === 0 ? '没有找到 USB 串口 · no USB serial port was found' : there.map((name) => `${BY_ID}/${name}`).join(', ')
      return problem(
        subject,
        `不存在 · is not there; ${names}`,
        '检查转换器是否插好，并用 /dev/serial/by-id 下不变的名称 · check the adapter, and use its lasting name below /dev/serial/by-id',
      )
    }
    if (code === 'EACCES' || code === 'EPERM')
      return problem(
        subject,
        '没有权限 · permission denied',
        '把用户加入 dialout 组：usermod -aG dialout roomkeeper-agent，然后重启采集器 · add the user to the group dialout and restart the agent',
      )
    return problem(subject, message, '检查串口 · check the port')
  }
}
