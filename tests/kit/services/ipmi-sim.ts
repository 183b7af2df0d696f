import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ChildProgram, startChildProgram, waitFor } from './child-program.ts'
import { freeUdpPort } from './free-port.ts'

export const IPMI_SIM_PATH = '/usr/bin/ipmi_sim'
const IPMITOOL_PATH = '/usr/bin/ipmitool'
export const IPMI_PROGRAMS: readonly string[] = [IPMI_SIM_PATH, IPMITOOL_PATH]
export const IPMI_USER = { user: 'reader', password: 'bmc-secret' }

/** A sensor with a number: value = m × raw × 10^exponent. `raw` undefined: the sensor is there, but does not scan. */
interface AnalogSensor {
  name: string
  type: number
  unit: number
  entity: number
  raw: number | undefined
  m?: number
  exponent?: number
}
/** A sensor with states; the bits that are set. */
interface DiscreteSensor {
  name: string
  type: number
  entity: number
  bits: readonly number[]
}

/** OpenIPMI's simulated BMC on 127.0.0.1. */
export interface IpmiSim {
  readonly port: number
  goAway(): Promise<void>
  startAgain(): Promise<void>
  dispose(): Promise<void>
}

/** Sensor types and units of IPMI 2.0, tables 42-3 and 43-15. */
export const SENSOR = { temperature: 1, voltage: 2, intrusion: 5, fan: 4, powerSupply: 8, other: 0x0b } as const
export const SENSOR_UNIT = { celsius: 1, volts: 4, watts: 6, rpm: 18 } as const

const hex = (bytes: readonly number[]): string => bytes.map((byte) => `0x${byte.toString(16).padStart(2, '0')}`).join(' ')
const text = (name: string): number[] => [0xc0 | name.length, ...Buffer.from(name, 'latin1')]
const record = (number: number, type: number, body: number[]): string =>
  `main_sdr_add 0x20 ${hex([number, 0, 0x51, type, body.length, ...body])}`
const NO_EVENTS = Array(4).fill('000000000000000').join(' ')

/** Full sensor record (IPMI 2.0, table 43-1). */
function analogCommands(number: number, { name, type, unit, entity, raw, m = 1, exponent = 0 }: AnalogSensor): string[] {
  const head = [0x20, 0, number, entity, number, 0x7f, 0x68, type, 1, 0, 0, 0, 0, 0x3f, 0x3f]
  const factors = [0, unit, 0, 0, m, 0, 0, 0, 0, (exponent & 15) << 4]
  const limits = [0, 0, 0, 0, 0xff, 0, ...Array<number>(11).fill(0)]
  return [
    record(number, 1, [...head, ...factors, ...limits, ...text(name)]),
    `sensor_add 0x20 0 ${number} ${type} 1`,
    `sensor_set_event_support 0x20 0 ${number} enable ${raw === undefined ? 'no-scanning' : 'scanning'} per-state ${NO_EVENTS}`,
    ...(raw === undefined ? [] : [`sensor_set_value 0x20 0 ${number} ${raw} 0`]),
  ]
}

/** Compact sensor record (IPMI 2.0, table 43-2), sensor-specific states. */
function discreteCommands(number: number, { name, type, entity, bits }: DiscreteSensor): string[] {
  const body = [0x20, 0, number, entity, number, 0x67, 0x40, type, 0x6f, 0x0f, 0, 0x0f, 0, 0x0f, 0, 0xc0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]
  return [
    record(number, 2, [...body, ...text(name)]),
    `sensor_add 0x20 0 ${number} ${type} 0x6f`,
    `sensor_set_event_support 0x20 0 ${number} enable scanning per-state ${Array(4).fill('000000000001111').join(' ')}`,
    ...bits.map((bit) => `sensor_set_bit 0x20 0 ${number} ${bit} 1 0`),
  ]
}

/** Starts a BMC with these sensors; resolves when it listens. */
export async function startIpmiSim(analog: readonly AnalogSensor[], discrete: readonly DiscreteSensor[]): Promise<IpmiSim> {
  const dir = await mkdtemp(join(tmpdir(), 'roomkeeper-ipmi-sim-'))
  const port = await freeUdpPort()
  const { user, password } = IPMI_USER
  const [lan, emulation, state] = [join(dir, 'lan.conf'), join(dir, 'bmc.emu'), join(dir, 'state')]
  await mkdir(join(state, 'bmc'), { recursive: true })
  const auths = ['callback', 'user', 'operator', 'admin'].map((level) => `    allowed_auths_${level} none md2 md5 straight`)
  await writeFile(
    lan,
    [
      'name "bmc"',
      'set_working_mc 0x20',
      '  startlan 1',
      `    addr 127.0.0.1 ${port}`,
      '    priv_limit admin',
      ...auths,
      '    guid a123456789abcdefa123456789abcdef',
      '  endlan',
      `  user 2 true "${user}" "${password}" user 10 none md2 md5 straight`,
      '',
    ].join('\n'),
  )
  const sensors = [
    ...analog.flatMap((sensor, index) => analogCommands(index + 1, sensor)),
    ...discrete.flatMap((sensor, index) => discreteCommands(analog.length + index + 1, sensor)),
  ]
  await writeFile(
    emulation,
    [
      'mc_setbmc 0x20',
      'mc_add 0x20 0 no-device-sdrs 0x23 9 8 0x9f 0x1291 0xf02',
      'sel_enable 0x20 1000 0x0a',
      ...sensors,
      'mc_enable 0x20',
      '',
    ].join('\n'),
  )
  let program: ChildProgram | undefined
  const startAgain = async (): Promise<void> => {
    const started = startChildProgram(IPMI_SIM_PATH, ['-n', '-c', lan, '-f', emulation, '-s', state])
    program = started
    await waitFor('the simulated BMC answers', 30_000, async () => {
      if (started.process.exitCode !== null) throw new Error(`ipmi_sim ended: ${started.output()}`)
      return (await answers(port)) ? true : undefined
    })
  }
  const goAway = async (): Promise<void> => {
    await program?.stop()
    program = undefined
  }
  await startAgain()
  return {
    port,
    goAway,
    startAgain,
    async dispose() {
      await goAway()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

function answers(port: number): Promise<boolean> {
  const { user, password } = IPMI_USER
  const args = [
    '-I',
    'lanplus',
    '-C',
    '3',
    '-N',
    '1',
    '-R',
    '1',
    '-H',
    '127.0.0.1',
    '-p',
    String(port),
    '-U',
    user,
    '-E',
    '-L',
    'USER',
    'mc',
    'info',
  ]
  const probe = startChildProgram(IPMITOOL_PATH, args, { IPMI_PASSWORD: password })
  return new Promise((resolve) => probe.process.once('exit', (code) => resolve(code === 0)))
}
