import { spawnSync } from 'node:child_process'
import { constants } from 'node:fs'
import { mkdir, mkdtemp, open as openFile, rename, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import pino from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { DeviceConnection } from '../../agent/src/drivers/driver.ts'
import { sysfsDriver } from '../../agent/src/drivers/sysfs/index.ts'
import { driverContract } from '../kit/driver-contract.ts'

const W1_GOOD = '72 01 4b 46 7f ff 0e 10 57 : crc=57 YES\n72 01 4b 46 7f ff 0e 10 57 t=23125\n'
const CLIMATE_CHIP = {
  'class/hwmon/hwmon1/name': 'sht3x',
  'class/hwmon/hwmon1/temp1_input': '24310',
  'class/hwmon/hwmon1/humidity1_input': '45620',
}
const PROBE = { 'bus/w1/devices/28-0123456789ab/w1_slave': W1_GOOD }
const dirs: string[] = []

async function sysfsTree(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'roomkeeper-sysfs-'))
  dirs.push(root)
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true })
    await writeFile(join(root, path), `${text}\n`)
  }
  return root
}

function openSysfs(root: string, timeoutMs = 1000): Promise<DeviceConnection> {
  return sysfsDriver.open(sysfsDriver.options.parse({ root }), {
    log: pino({ level: 'silent' }),
    clock: { nowMs: () => Date.now() },
    timeoutMs,
    wake() {},
  })
}

async function valuesOf(connection: DeviceConnection): Promise<Record<string, unknown>> {
  const readings = await connection.read(AbortSignal.timeout(5000))
  return Object.fromEntries(readings.map(({ key, value, bad }) => [key, bad ?? value]))
}

async function kindsAndValues(files: Record<string, string>): Promise<Record<string, unknown>> {
  const connection = await openSysfs(await sysfsTree(files))
  const { points } = await connection.describe()
  const values = await valuesOf(connection)
  await connection.close()
  return Object.fromEntries(points.map(({ key, kind, name }) => [key, [kind, name?.en, values[key]]]))
}

describe('driver sysfs', () => {
  afterEach(async () => {
    for (const dir of dirs.splice(0)) await rm(dir, { recursive: true, force: true })
  })

  describe('contract', () => {
    driverContract({
      driver: sysfsDriver,
      startPeer: async () => {
        const root = await sysfsTree({ ...CLIMATE_CHIP, ...PROBE })
        dirs.splice(0)
        return {
          options: { root },
          goAway: () => rename(root, `${root}.away`),
          comeBack: () => rename(`${root}.away`, root),
          dispose: () => rm(root, { recursive: true, force: true }),
        }
      },
      unreachable: async () => ({ options: { root: '/nowhere/sys' }, dispose: async () => undefined }),
      silent: { notApplicable: 'a file is there or not; a hanging read is tested below' },
      invalidOptions: [
        { options: { root: 'sys' }, key: 'root' },
        { options: { subsystems: ['acpi'] }, key: 'subsystems.0' },
        { options: { path: '/sys' }, key: 'path' },
      ],
    })
  })

  it('reads hwmon chips: air where humidity is measured, boards elsewhere, rails only when labelled', async () => {
    const read = await kindsAndValues({
      ...CLIMATE_CHIP,
      'class/hwmon/hwmon0/name': 'nct6775',
      'class/hwmon/hwmon0/temp1_input': '41500',
      'class/hwmon/hwmon0/temp1_label': 'SYSTIN',
      'class/hwmon/hwmon0/temp2_input': '-128000',
      'class/hwmon/hwmon0/temp2_fault': '1',
      'class/hwmon/hwmon0/fan1_input': '1240',
      'class/hwmon/hwmon0/in0_input': '928',
      'class/hwmon/hwmon0/in1_input': '12096',
      'class/hwmon/hwmon0/in1_label': '+12V',
      'class/hwmon/hwmon0/power1_average': '65250000',
    })
    expect(read).toEqual({
      'hwmon.nct6775.temp1': ['board-temperature', 'nct6775 SYSTIN', 41.5],
      'hwmon.nct6775.temp2': ['board-temperature', 'nct6775 temperature temp2', 'sensor-error'],
      'hwmon.nct6775.fan1': ['fan-speed', 'nct6775 fan fan1', 1240],
      'hwmon.nct6775.in1': ['number', 'nct6775 +12V', 12.096],
      'hwmon.nct6775.power1': ['power', 'nct6775 power power1', 65.25],
      'hwmon.sht3x.temp1': ['temperature', 'sht3x temperature temp1', 24.31],
      'hwmon.sht3x.humidity1': ['humidity', 'sht3x humidity humidity1', 45.62],
    })
  })

  it('reads how long the machine has been up, beside where sysfs is mounted', async () => {
    const root = await sysfsTree({ 'sys/kernel/uevent_seqnum': '1', 'proc/uptime': '354312.87 1400000.11' })
    const connection = await openSysfs(join(root, 'sys'))
    expect((await connection.describe()).points).toMatchObject([{ key: 'uptime', kind: 'uptime', unit: 's' }])
    expect(await valuesOf(connection)).toEqual({ uptime: 354312 })
    await connection.close()
  })

  it('tells two chips of one name apart', async () => {
    const read = await kindsAndValues({
      'class/hwmon/hwmon0/name': 'nvme',
      'class/hwmon/hwmon0/temp1_input': '38000',
      'class/hwmon/hwmon1/name': 'nvme',
      'class/hwmon/hwmon1/temp1_input': '39000',
    })
    expect(Object.keys(read)).toEqual(['hwmon.nvme-hwmon0.temp1', 'hwmon.nvme-hwmon1.temp1'])
  })

  it('reads thermal zones that are not hwmon chips already', async () => {
    const read = await kindsAndValues({
      'class/thermal/thermal_zone0/type': 'x86_pkg_temp',
      'class/thermal/thermal_zone0/temp': '52000',
      'class/thermal/thermal_zone1/type': 'acpitz',
      'class/thermal/thermal_zone1/temp': '27800',
      'class/thermal/thermal_zone1/hwmon2/name': 'acpitz',
      'class/thermal/cooling_device0/type': 'Fan',
    })
    expect(read).toEqual({ 'thermal.x86_pkg_temp': ['board-temperature', 'x86_pkg_temp temperature', 52] })
  })

  it('reads iio channels, processed or as (raw + offset) × scale', async () => {
    const dht = 'bus/iio/devices/iio:device0'
    const hdc = 'bus/iio/devices/iio:device1'
    const read = await kindsAndValues({
      [`${dht}/name`]: 'dht11@0',
      [`${dht}/in_temp_input`]: '22000',
      [`${dht}/in_humidityrelative_input`]: 'abc',
      [`${hdc}/name`]: 'hdc1080',
      [`${hdc}/in_temp_raw`]: '25600',
      [`${hdc}/in_temp_offset`]: '-15887.515151',
      [`${hdc}/in_temp_scale`]: '2.517700195',
      [`${hdc}/in_humidityrelative_raw`]: '32768',
      [`${hdc}/in_humidityrelative_scale`]: '1.525878906',
    })
    expect(read).toMatchObject({
      'iio.dht11@0.temp': ['temperature', 'dht11@0 temperature', 22],
      'iio.dht11@0.humidityrelative': ['humidity', 'dht11@0 humidity', 'not-a-number'],
      'iio.hdc1080.temp': ['temperature', 'hdc1080 temperature', expect.closeTo(24.453, 3)],
      'iio.hdc1080.humidityrelative': ['humidity', 'hdc1080 humidity', expect.closeTo(50, 3)],
    })
  })

  it('reads one-wire probes, and calls a wrong check sum, a pulled-out probe and a missing file what they are', async () => {
    const probe = (serial: string): string => `bus/w1/devices/28-00000000000${serial}/w1_slave`
    const read = await kindsAndValues({
      [probe('1')]: W1_GOOD,
      [probe('2')]: W1_GOOD.replace('YES', 'NO'),
      [probe('3')]: '00 00 00 00 00 00 00 00 00 : crc=00 YES\n00 00 00 00 00 00 00 00 00 t=0',
      [probe('4')]: W1_GOOD.replace('t=23125', 't=-1062'),
      [probe('5')]: W1_GOOD.replace('t=23125', 't=85000'),
      'bus/w1/devices/28-000000000006/name': 'no reading',
      'bus/w1/devices/w1_bus_master1/w1_master_name': 'not a probe',
    })
    expect(Object.values(read).map((point) => (point as unknown[])[2])).toEqual([
      23.125,
      'sensor-error',
      'sensor-error',
      -1.062,
      85,
      'sensor-error',
    ])
  })

  it('states that 85 ℃ of a one-wire probe is no reading', async () => {
    const connection = await openSysfs(await sysfsTree(PROBE))
    expect((await connection.describe()).points).toMatchObject([{ sentinels: [85], range: { low: -55, high: 125 } }])
  })

  it('is content with a machine that has no sensors', async () => {
    const connection = await openSysfs(await sysfsTree({ 'kernel/x': '1' }))
    expect((await connection.describe()).points).toEqual([])
    expect(await connection.read(AbortSignal.timeout(1000))).toEqual([])
  })

  it('does not wait twice for a file that hangs, and reads the others', async () => {
    const root = await sysfsTree({ ...CLIMATE_CHIP })
    const fifo = join(root, 'class/hwmon/hwmon1/temp2_input')
    expect(spawnSync('mkfifo', [fifo]).status).toBe(0)
    const connection = await openSysfs(root, 300)
    try {
      expect(await valuesOf(connection)).toMatchObject({ 'hwmon.sht3x.temp1': 24.31, 'hwmon.sht3x.temp2': 'sensor-error' })
      const startedMs = performance.now()
      expect(await valuesOf(connection)).toMatchObject({ 'hwmon.sht3x.humidity1': 45.62, 'hwmon.sht3x.temp2': 'sensor-error' })
      expect(performance.now() - startedMs).toBeLessThan(250)
    } finally {
      // A writer lets the hanging reader go; what it writes is what the sensor says when it is back.
      const writer = await openFile(fifo, constants.O_WRONLY | constants.O_NONBLOCK)
      await writer.write('25000\n')
      await writer.close()
    }
  })
})
