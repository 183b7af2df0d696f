import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { demoRoomDevices } from './drivers/simulator/demo-room.ts'

/** The agent that `npm start` brings along. */
export const DEMO_SITE = 'demo'
export const DEMO_NODE = 'this-machine'

/**
 * Writes the configuration of the trial agent, one simulated room and this machine's own sensors, unless it is there already: people
 * may edit it. The address and password of the broker come from the environment. Returns its path.
 */
export function writeDemoConfig(folder: string, withSimulatedRoom: boolean): string {
  const file = join(folder, withSimulatedRoom ? 'agent-demo.yaml' : 'agent.yaml')
  if (existsSync(file)) return file
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const devices = [
    ...(withSimulatedRoom ? demoRoomDevices() : []),
    ...(hasOwnSensors()
      ? [{ id: 'host', driver: 'sysfs', name: { zh: '本机传感器', en: 'This machine' }, room: '本机', intervalMs: 10_000 }]
      : []),
  ]
  const content = {
    site: DEMO_SITE,
    node: DEMO_NODE,
    mqtt: { url: 'mqtt://127.0.0.1:1883' },
    dataDir: 'log',
    devices,
  }
  writeFileSync(
    file,
    `# 试用采集器，可以修改；密码和地址来自环境变量\n# The trial agent; edit it as you like. Address and password come from the environment.\n${stringify(content)}`,
    { mode: 0o600 },
  )
  return file
}

/** Whether the sysfs driver would find anything: a virtual machine has no sensors, and an empty room would only confuse. */
function hasOwnSensors(): boolean {
  return ['/sys/class/hwmon', '/sys/class/thermal', '/sys/bus/iio/devices', '/sys/bus/w1/devices'].some(
    (folder) => existsSync(folder) && readdirSync(folder).some((name) => /^(hwmon|thermal_zone|iio:device|28-)/.test(name)),
  )
}
