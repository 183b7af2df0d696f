import { describe, expect, it } from 'vitest'
import { readDevice } from '../../agent/src/discovery/read-device.ts'
import { driverContext } from '../../agent/src/discovery/run-command.ts'
import { ipmiDriver } from '../../agent/src/drivers/ipmi/index.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { IPMI_PROGRAMS, IPMI_USER, type IpmiSim, SENSOR, SENSOR_UNIT, startIpmiSim } from '../kit/services/ipmi-sim.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const missing = missingProgram(IPMI_PROGRAMS, 'openipmi, ipmitool')
const host = '127.0.0.1'
// The simulator does not tell its cipher suites; asking would take ten seconds.
const ACCESS = { host, ...IPMI_USER, cipherSuite: 3 }
const AIR_INLET = 0x37
const PROCESSOR = 3
const POWER_SUPPLY = 10

const startBmc = (): Promise<IpmiSim> =>
  startIpmiSim(
    [
      { name: 'Inlet Temp', type: SENSOR.temperature, unit: SENSOR_UNIT.celsius, entity: AIR_INLET, raw: 23 },
      { name: 'CPU1 Temp', type: SENSOR.temperature, unit: SENSOR_UNIT.celsius, entity: PROCESSOR, raw: 45 },
      { name: 'FAN1', type: SENSOR.fan, unit: SENSOR_UNIT.rpm, entity: 29, raw: 42, m: 100 },
      { name: '12V', type: SENSOR.voltage, unit: SENSOR_UNIT.volts, entity: 20, raw: 122, exponent: -1 },
      { name: 'PS1 Input', type: SENSOR.voltage, unit: SENSOR_UNIT.volts, entity: POWER_SUPPLY, raw: 228 },
      { name: 'PS1 Power', type: SENSOR.other, unit: SENSOR_UNIT.watts, entity: POWER_SUPPLY, raw: 150, m: 2 },
      { name: 'CPU2 Temp', type: SENSOR.temperature, unit: SENSOR_UNIT.celsius, entity: PROCESSOR, raw: undefined },
    ],
    [
      { name: 'PS1 Status', type: SENSOR.powerSupply, entity: POWER_SUPPLY, bits: [0] },
      { name: 'PS2 Status', type: SENSOR.powerSupply, entity: POWER_SUPPLY, bits: [0, 1] },
      { name: 'Intrusion', type: SENSOR.intrusion, entity: 23, bits: [0] },
    ],
  )

describe.skipIf(missing !== undefined)(`driver ipmi against OpenIPMI's simulator${missing === undefined ? '' : ` (${missing})`}`, () => {
  driverContract({
    driver: ipmiDriver,
    async startPeer() {
      const bmc = await startBmc()
      return { options: { ...ACCESS, port: bmc.port }, goAway: bmc.goAway, comeBack: bmc.startAgain, dispose: bmc.dispose }
    },
    unreachable: () => unusedPort('udp', (port) => ({ ...ACCESS, port })),
    silent: () => silentListener('udp', (port) => ({ ...ACCESS, port })),
    invalidOptions: [
      { options: { host, port: 70_000 }, key: 'port' },
      { options: { host, interface: 'serial' }, key: 'interface' },
      { options: { user: 'x' }, key: 'host' },
      { options: { host, password: 'a', passwordEnv: 'B' }, key: 'password' },
      { options: { host, ipmitool: 'ipmitool' }, key: 'ipmitool' },
      { options: { host, pasword: 'x' }, key: 'pasword' },
    ],
  })

  it('reads air, boards, fans, rails, mains, power and states; not what is not there', async () => {
    const bmc = await startBmc()
    try {
      const snapshot = await readDevice({
        driver: ipmiDriver,
        options: ipmiDriver.options.parse({ ...ACCESS, port: bmc.port }),
        context: driverContext({ timeoutMs: 5000 }),
      })
      expect(snapshot.maker).toBe('MontaVista Software, Inc.')
      expect(Object.fromEntries(snapshot.points.map(({ point, reading }) => [point.key, [point.kind, reading.value, point.unit]]))).toEqual(
        {
          'inlet-temp.01': ['temperature', 23, 'Cel'],
          'cpu1-temp.02': ['board-temperature', 45, 'Cel'],
          'fan1.03': ['fan-speed', 4200, '1'],
          '12v.04': ['number', 12.2, 'V'],
          'ps1-input.05': ['voltage', 228, 'V'],
          'ps1-power.06': ['power', 300, 'W'],
          'ps1-status.08': ['contact', false, '1'],
          'ps2-status.09': ['contact', true, '1'],
          'intrusion.0a': ['contact', true, '1'],
        },
      )
    } finally {
      await bmc.dispose()
    }
  })

  it.each([
    ['password', { password: 'wrong' }],
    ['user', { user: 'nobody' }],
  ])('tells a wrong %s from a BMC that is away', async (_name, wrong) => {
    const bmc = await startBmc()
    try {
      const options = ipmiDriver.options.parse({ ...ACCESS, ...wrong, port: bmc.port })
      const connection = await ipmiDriver.open(options, driverContext({ timeoutMs: 3000 }))
      await expect(connection.describe()).rejects.toMatchObject({ kind: 'denied' })
      await connection.close()
    } finally {
      await bmc.dispose()
    }
  })
})
