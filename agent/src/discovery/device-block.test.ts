import { describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../config/index.ts'
import { DRIVERS } from '../drivers/index.ts'
import { deviceBlock } from './device-block.ts'
import type { DeviceSnapshot } from './read-device.ts'
import { snapshotTable } from './snapshot-text.ts'
import { textTable } from './text-table.ts'

const snapshot: DeviceSnapshot = {
  maker: 'Contoso\n  - id: injected',
  model: '# "Line": 3000',
  timeMs: 0,
  points: [
    {
      point: { key: 'ups.status', kind: 'ups-status', unit: '1' },
      reading: { key: 'ups.status', value: 'OB LB XX\u001b[31m', quality: 'good' },
    },
    { point: { key: 'input', kind: 'voltage', unit: 'V' }, reading: { key: 'input', value: 231.25, quality: 'good' } },
    { point: { key: 'leak', kind: 'leak', unit: '1' }, reading: { key: 'leak', value: true, quality: 'good' } },
    {
      point: { key: 'probe', kind: 'temperature', unit: 'Cel' },
      reading: { key: 'probe', value: -999, quality: 'bad', reason: 'sentinel' },
    },
    {
      point: { key: 'gone', kind: 'humidity', unit: '%' },
      reading: { key: 'gone', value: null, quality: 'bad', reason: 'sensor-error' },
    },
  ],
}
const TOP = 'site: 东院\nnode: agent-1\nmqtt: { url: mqtt://broker }\ndataDir: data\ndevices:\n'

function load(lines: string[]) {
  return parseAgentConfig(`${TOP}${lines.join('\n')}\n`, { path: 'agent.yaml', env: {}, drivers: DRIVERS })
}

describe('the block for agent.yaml', () => {
  it('loads, whatever the device calls itself, beside a block that is there', () => {
    const sysfs = deviceBlock('this-machine', 'sysfs', { root: '/sys' }, { timeMs: 0, points: [] })
    const config = load([...sysfs, ...deviceBlock('rack/1+#\n2', 'nut', { host: 'nas', ups: 'ups1' }, snapshot)])
    expect(config.invalidDevices).toEqual([])
    expect(config.devices).toMatchObject([
      { id: 'this-machine', driver: 'sysfs' },
      { id: 'rack-1---2', driver: 'nut', name: { zh: 'Contoso - id: injected # "Line": 3000' }, options: { host: 'nas', ups: 'ups1' } },
    ])
  })

  it('has the present values as comments', () => {
    const comments = deviceBlock('u', 'nut', { host: 'nas' }, snapshot).filter((line) => line.startsWith('    #'))
    expect(comments).toEqual(expect.arrayContaining(snapshotTable(snapshot).map((line) => `    #   ${line}`)))
  })

  it('shows no secret, says so, and still loads', () => {
    const user = { name: 'reader', authPassword: 'geheim-auth', privPassword: 'geheim-priv' }
    for (const keys of [
      { host: 'card', community: 'geheim' },
      { host: 'card', version: '3', user },
    ]) {
      const lines = deviceBlock('card', 'snmp', keys, snapshot)
      expect(lines.join('\n')).not.toContain('geheim')
      expect(lines.join('\n')).toContain('in place of CHANGE-ME')
      expect(load(lines)).toMatchObject({ invalidDevices: [], devices: [{ driver: 'snmp', options: { host: 'card' } }] })
    }
    const open = deviceBlock('card', 'snmp', { host: 'card', community: 'public' }, snapshot).join('\n')
    expect(open).toContain('community: public')
    expect(open).not.toContain('CHANGE-ME')
  })
})

describe('the table of points', () => {
  it('has kind, value with unit, and quality with its reason', () => {
    const [head, ...lines] = snapshotTable(snapshot).map((line) => line.replace(/ {2,}/g, ' | '))
    expect(head).toBe('测点 point | 类型 kind | 值 value | 质量 quality')
    expect(lines).toEqual([
      'ups.status | UPS 状态 ups-status | OB LB XX [31m (电池供电 电池电量低) | 良好 good',
      'input | 电压 voltage | 231.25 V | 良好 good',
      'leak | 漏水 leak | 报警 · active | 良好 good',
      'probe | 温度 temperature | -999 ℃ | 不可信 bad: sentinel (传感器错误码 · the sensor’s error code)',
      'gone | 湿度 humidity | — | 不可信 bad: sensor-error (传感器故障 · sensor error)',
    ])
  })

  it('counts Chinese characters as two columns', () => {
    expect(
      textTable([
        ['温度', 'x'],
        ['abcd', 'y'],
        ['a', 'z'],
      ]),
    ).toEqual(['温度  x', 'abcd  y', 'a     z'])
  })
})
