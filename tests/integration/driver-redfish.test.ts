import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { readDevice } from '../../agent/src/discovery/read-device.ts'
import { driverContext } from '../../agent/src/discovery/run-command.ts'
import type { DeviceConnection, RawReading } from '../../agent/src/drivers/driver.ts'
import { redfishDriver } from '../../agent/src/drivers/redfish/index.ts'
import { type RedfishOptions, redfishOptions } from '../../agent/src/drivers/redfish/options.ts'
import { driverContract, silentListener, unusedPort } from '../kit/driver-contract.ts'
import { REDFISH_USER, type RedfishMock, type RedfishTree, startRedfishMock } from '../kit/services/redfish-mock.ts'
import { legacyServer, rackPdu, sensorsServer } from '../kit/services/redfish-trees.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { OPENSSL_PATH } from '../kit/services/tls-front.ts'

const missing = missingProgram([OPENSSL_PATH], 'openssl')
const host = '127.0.0.1'
const NEVER = new AbortController().signal

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(tree: RedfishTree, options: { canExpand?: boolean } = {}): Promise<RedfishMock> {
  const mock = await startRedfishMock(tree, options)
  cleanups.push(() => mock.dispose())
  return mock
}

const optionsFor = ({ port, certificates }: RedfishMock, further: Record<string, unknown> = {}): RedfishOptions =>
  redfishOptions.parse({ host, port, ...REDFISH_USER, fingerprint: certificates.fingerprint, ...further })

async function open(mock: RedfishMock, further: Record<string, unknown> = {}, timeoutMs = 3000): Promise<DeviceConnection> {
  const connection = await redfishDriver.open(optionsFor(mock, further), driverContext({ timeoutMs }))
  cleanups.push(() => connection.close())
  return connection
}

/** key → kind, value (or why it is bad), unit. */
async function pointsOf(mock: RedfishMock, further: Record<string, unknown> = {}) {
  const snapshot = await readDevice({
    driver: redfishDriver,
    options: optionsFor(mock, further),
    context: driverContext({ timeoutMs: 3000 }),
  })
  return Object.fromEntries(
    snapshot.points.map(({ point, reading }) => [point.key, [point.kind, reading.reason ?? reading.value, point.unit]]),
  )
}

const valueAt = (readings: readonly RawReading[], key: string): unknown => {
  const reading = readings.find((each) => each.key === key)
  return reading === undefined ? 'no such point' : (reading.bad ?? reading.value)
}

const INTAKE = '1U.Thermal.Temperatures.2'

describe.skipIf(missing !== undefined)(`driver redfish against a mock service${missing === undefined ? '' : ` (${missing})`}`, () => {
  describe.each([
    ['Thermal and Power, Basic', legacyServer, {}, {}],
    ['Sensors, session', sensorsServer, { canExpand: true }, { session: true }],
  ])('%s', (_name, tree, abilities, further) => {
    driverContract({
      driver: redfishDriver,
      async startPeer() {
        const mock = await startRedfishMock(tree(), abilities)
        const { port, certificates, goAway, startAgain, dispose } = mock
        const options = { host, port, ...REDFISH_USER, fingerprint: certificates.fingerprint, ...further }
        return { options, goAway, comeBack: startAgain, dispose }
      },
      unreachable: () => unusedPort('tcp', (port) => ({ host, port, ...REDFISH_USER, ...further })),
      silent: () => silentListener('tcp', (port) => ({ host, port, ...REDFISH_USER, ...further })),
      invalidOptions: [
        { options: {}, key: 'host' },
        { options: { host: 'https://bmc' }, key: 'host' },
        { options: { host, port: 0 }, key: 'port' },
        { options: { host, username: 'x' }, key: 'password' },
        { options: { host, password: 'x' }, key: 'username' },
        { options: { host, username: 'x', password: 'a', passwordEnv: 'B' }, key: 'passwordEnv' },
        { options: { host, session: true }, key: 'username' },
        { options: { host, fingerprint: 'ab' }, key: 'fingerprint' },
        { options: { host, ca: 'relative.pem' }, key: 'ca' },
        { options: { host, fingerprint: 'a'.repeat(64), insecure: true }, key: 'insecure' },
        { options: { host, pasword: 'x' }, key: 'pasword' },
      ],
    })
  })

  it('reads Thermal and Power: air, boards, fans, supplies, health, intrusion; not what is absent or disabled', async () => {
    const mock = await start(legacyServer())
    expect(await pointsOf(mock)).toEqual({
      'Systems.437XR1138R2.Health': ['contact', true, '1'],
      '1U.Health': ['contact', false, '1'],
      '1U.Intrusion': ['contact', true, '1'],
      '1U.Thermal.Temperatures.0': ['board-temperature', 41, 'Cel'],
      [INTAKE]: ['temperature', 25, 'Cel'],
      '1U.Thermal.Temperatures.3': ['board-temperature', 'sensor-error', 'Cel'],
      '1U.Thermal.Fans.0': ['fan-speed', 2100, '1'],
      '1U.Thermal.Fans.0.Health': ['contact', false, '1'],
      '1U.Thermal.Fans.1': ['number', 16, '%'],
      '1U.Thermal.Fans.1.Health': ['contact', true, '1'],
      '1U.Thermal.Redundancy.0.Health': ['contact', true, '1'],
      '1U.Power.PowerControl.0': ['power', 344, 'W'],
      '1U.Power.Voltages.0': ['number', 12, 'V'],
      '1U.Power.PowerSupplies.0.Health': ['contact', true, '1'],
      '1U.Power.PowerSupplies.0.InputVoltage': ['voltage', 228, 'V'],
      '1U.Power.PowerSupplies.0.OutputPower': ['power', 325, 'W'],
    })
  })

  const SENSORS_POINTS = {
    'Systems.437XR1138R2.Health': ['contact', false, '1'],
    '1U.Health': ['contact', false, '1'],
    '1U.Intrusion': ['contact', false, '1'],
    '1U.Sensors.IntakeTemp': ['temperature', 24.8, 'Cel'],
    '1U.Sensors.PS1Inlet': ['board-temperature', 31, 'Cel'],
    '1U.Sensors.CPU1Temp': ['board-temperature', 37, 'Cel'],
    '1U.Sensors.CPU2Temp': ['board-temperature', 'sensor-error', 'Cel'],
    '1U.Sensors.Humidity': ['humidity', 41.5, '%'],
    '1U.Sensors.FanBay1': ['number', 45, '%'],
    '1U.Sensors.PS1InputVoltage': ['voltage', 229.3, 'V'],
    '1U.Sensors.PS1Out12V': ['number', 12.1, 'V'],
    '1U.Sensors.PS1InputCurrent': ['current', 1.6, 'A'],
    '1U.Sensors.PS1Frequency': ['frequency', 50.1, 'Hz'],
    '1U.Sensors.TotalPower': ['power', 374, 'W'],
    '1U.Sensors.TotalEnergy': ['energy', 325675, 'kW.h'],
    '1U.Sensors.AirFlow': ['number', 60, '1'],
    '1U.ThermalSubsystem.FanRedundancy.0.Health': ['contact', false, '1'],
    '1U.ThermalSubsystem.Fans.Bay1.Health': ['contact', false, '1'],
    '1U.ThermalSubsystem.Fans.Bay2': ['fan-speed', 2100, '1'],
    '1U.ThermalSubsystem.Fans.Bay2.Health': ['contact', true, '1'],
    '1U.ThermalSubsystem.ThermalMetrics.Ambient': ['temperature', 22.5, 'Cel'],
    '1U.ThermalSubsystem.LeakDetection.LeakDetectors.Moisture': ['leak', true, '1'],
    '1U.PowerSubsystem.PowerSupplies.Bay1.Health': ['contact', false, '1'],
    '1U.PowerSubsystem.PowerSupplies.Bay1.LineInput': ['contact', true, '1'],
    '1U.PowerSubsystem.PowerSupplies.Bay1.Metrics.OutputPowerWatts': ['power', 330.5, 'W'],
    '1U.EnvironmentMetrics.HumidityPercent': ['humidity', 41.5, '%'],
  }

  it('reads Sensors and subsystems, each sensor once', async () => {
    expect(await pointsOf(await start(sensorsServer(), { canExpand: true }))).toEqual(SENSORS_POINTS)
  })

  it('reads the same one by one when a service says $expand and does not do it', async () => {
    expect(await pointsOf(await start(sensorsServer(), { canExpand: false }))).toEqual(SENSORS_POINTS)
  })

  it('reads a rack PDU', async () => {
    expect(await pointsOf(await start(rackPdu()))).toEqual({
      'PowerEquipment.RackPDUs.1.Health': ['contact', false, '1'],
      'PowerEquipment.RackPDUs.1.Metrics.PowerWatts': ['power', 6438, 'W'],
      'PowerEquipment.RackPDUs.1.Metrics.EnergykWh': ['energy', 56438, 'kW.h'],
      'PowerEquipment.RackPDUs.1.Metrics.HumidityPercent': ['humidity', 52.7, '%'],
      'PowerEquipment.RackPDUs.1.Mains.AC1.Voltage': ['voltage', 231.2, 'V'],
      'PowerEquipment.RackPDUs.1.Mains.AC1.CurrentAmps': ['current', 27.9, 'A'],
      'PowerEquipment.RackPDUs.1.Mains.AC1.FrequencyHz': ['frequency', 50, 'Hz'],
      'PowerEquipment.RackPDUs.1.Mains.AC1.Health': ['contact', false, '1'],
      'PowerEquipment.RackPDUs.1.Outlets.A1.PowerWatts': ['power', 197.4, 'W'],
      'PowerEquipment.RackPDUs.1.Outlets.A1.Health': ['contact', true, '1'],
      'PowerEquipment.RackPDUs.1.Outlets.A2.PowerWatts': ['power', 'sensor-error', 'W'],
      'PowerEquipment.RackPDUs.1.Outlets.A2.Health': ['contact', false, '1'],
    })
  })

  it('asks a legacy server four times a scan, an expanding one once a resource, and never more than two at once', async () => {
    const legacy = await start(legacyServer())
    const sensors = await start(sensorsServer(), { canExpand: true })
    const asked = async (mock: RedfishMock): Promise<string[]> => {
      const connection = await open(mock)
      await connection.describe()
      const before = mock.requests.length
      await connection.read(NEVER)
      return mock.requests.slice(before).sort()
    }
    const [chassis, system] = ['GET /redfish/v1/Chassis/1U', 'GET /redfish/v1/Systems/437XR1138R2']
    expect(await asked(legacy)).toEqual([chassis, `${chassis}/Power`, `${chassis}/Thermal`, system])
    expect(legacy.mostAtOnce()).toBe(2)
    const inSensors = await asked(sensors)
    expect(inSensors.filter((line) => line.includes('/Sensors'))).toEqual([`${chassis}/Sensors?$expand=.($levels=1)`])
    expect(inSensors).toHaveLength(10)
    expect(sensors.mostAtOnce()).toBe(2)
  })

  it('sends the password once with session: true, logs in anew when the session ended, and logs out', async () => {
    const mock = await start(legacyServer())
    const connection = await open(mock, { session: true })
    await connection.describe()
    await connection.read(NEVER)
    const logins = (): number => mock.requests.filter((line) => line.startsWith('POST')).length
    expect(logins()).toBe(1)
    mock.sessions.clear()
    expect(valueAt(await connection.read(NEVER), INTAKE)).toBe(25)
    expect(logins()).toBe(2)
    expect(mock.sessions.size).toBe(1)
    await connection.close()
    expect(mock.sessions.size).toBe(0)
  })

  it.each([{ session: false }, { session: true }])('tells a wrong password from a device that is away ($session)', async (further) => {
    const mock = await start(legacyServer())
    const connection = await open(mock, { password: 'wrong', ...further })
    const error = await connection.describe().catch((reason: unknown) => reason)
    expect(error).toMatchObject({ kind: 'denied', message: expect.stringMatching(/401.*(Log in first|credentials are wrong)/) })
    expect(String(error)).not.toContain('wrong.secret')
  })

  it('denies a certificate that is not trusted with the fingerprint to copy, and sends it nothing', async () => {
    const mock = await start(legacyServer())
    const { caFile, fingerprint } = mock.certificates
    const failure = async (further: Record<string, unknown>): Promise<unknown> => {
      const connection = await open(mock, { fingerprint: undefined, ...further })
      return connection.describe().catch((error: unknown) => error)
    }
    expect(await failure({})).toMatchObject({ kind: 'denied', message: expect.stringContaining(`fingerprint: ${fingerprint}`) })
    expect(await failure({ fingerprint: '0'.repeat(64) })).toMatchObject({ kind: 'denied', message: expect.stringContaining(fingerprint) })
    expect(mock.requests).toEqual([])
    for (const trust of [{ ca: caFile }, { insecure: true }, { fingerprint }]) expect(await failure(trust)).toHaveProperty('points')
  })

  it.each([
    [403, '403'],
    [500, '500'],
  ])('marks only the points of a resource that answers %i', async (status) => {
    const mock = await start(legacyServer())
    const connection = await open(mock)
    await connection.describe()
    mock.failing.set('/redfish/v1/Chassis/1U/Power', status)
    const readings = await connection.read(NEVER)
    expect(valueAt(readings, '1U.Power.PowerControl.0')).toBe('sensor-error')
    expect(valueAt(readings, INTAKE)).toBe(25)
    mock.failing.clear()
    expect(valueAt(await connection.read(NEVER), '1U.Power.PowerControl.0')).toBe(344)
  })

  it('gives what it has within two time-outs when one resource hangs', async () => {
    const mock = await start(legacyServer())
    const connection = await open(mock, {}, 500)
    await connection.describe()
    mock.hanging.add('/redfish/v1/Chassis/1U/Power')
    const startedMs = performance.now()
    const readings = await connection.read(NEVER)
    expect(performance.now() - startedMs).toBeLessThan(1000)
    expect(valueAt(readings, '1U.Power.PowerControl.0')).toBe('sensor-error')
    expect(valueAt(readings, INTAKE)).toBe(25)
  })

  it('is unreachable at once when all of it hangs', async () => {
    const mock = await start(legacyServer())
    const connection = await open(mock, {}, 500)
    await connection.describe()
    for (const path of mock.tree.keys()) mock.hanging.add(path)
    const startedMs = performance.now()
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable' })
    expect(performance.now() - startedMs).toBeLessThan(900)
  })

  it('learns a part again that failed when it was learnt, and tells of parts that came', async () => {
    const mock = await start(legacyServer())
    mock.failing.set('/redfish/v1/Chassis/1U/Power', 503)
    let nowMs = 0
    const connection = await redfishDriver.open(optionsFor(mock), { ...driverContext({ timeoutMs: 3000 }), clock: { nowMs: () => nowMs } })
    cleanups.push(() => connection.close())
    const keys = async (): Promise<string[]> => (await connection.describe()).points.map(({ key }) => key)
    expect(await keys()).not.toContain('1U.Power.PowerControl.0')
    mock.failing.clear()
    expect(connection.isDescriptionStale).toBe(false)
    nowMs = 600_000
    expect(connection.isDescriptionStale).toBe(true)
    expect(await keys()).toContain('1U.Power.PowerControl.0')
    expect(connection.isDescriptionStale).toBe(false)
    const supplies = (mock.tree.get('/redfish/v1/Chassis/1U/Power')?.PowerSupplies ?? []) as Record<string, unknown>[]
    Object.assign(supplies[1] ?? {}, { LineInputVoltage: 230, Status: { State: 'Enabled', Health: 'OK' } })
    await connection.read(NEVER)
    expect(connection.isDescriptionStale).toBe(true)
    expect(await keys()).toContain('1U.Power.PowerSupplies.1.InputVoltage')
    // Pulled out again: the part was there, so that is a fault of it.
    Object.assign(supplies[1] ?? {}, { LineInputVoltage: undefined, Status: { State: 'Absent' } })
    const readings = await connection.read(NEVER)
    expect(valueAt(readings, '1U.Power.PowerSupplies.1.Health')).toBe(true)
    expect(valueAt(readings, '1U.Power.PowerSupplies.1.InputVoltage')).toBe('sensor-error')
  })

  it('says when there is something else than Redfish', async () => {
    const mock = await start(new Map([['/redfish/v1/', { hello: 'world' }]]))
    const refusal = async (): Promise<unknown> => (await open(mock)).describe().catch((error: unknown) => error)
    expect(await refusal()).toMatchObject({ kind: 'garbage', message: expect.stringContaining('no Redfish service') })
    mock.tree.clear()
    expect(await refusal()).toMatchObject({ kind: 'garbage', message: expect.stringContaining('404') })
  })

  it('takes no link to another host', async () => {
    const tree = legacyServer()
    const received: string[] = []
    const mock = await start(tree)
    const { keyFile, certFile } = mock.certificates
    const other = createServer({ key: readFileSync(keyFile), cert: readFileSync(certFile) }, (request, response) => {
      received.push(request.url ?? '')
      response.end('{}')
    })
    await new Promise<void>((resolve) => other.listen(0, host, resolve))
    cleanups.push(() => new Promise((resolve) => other.close(() => resolve())))
    const address = other.address()
    const port = typeof address === 'object' ? address?.port : undefined
    Object.assign(tree.get('/redfish/v1/Chassis/1U') ?? {}, {
      Thermal: { '@odata.id': `https://${host}:${port}/redfish/v1/Thermal` },
      Power: { '@odata.id': `//${host}:${port}/redfish/v1/Power` },
    })
    const points = await pointsOf(mock)
    expect(received).toEqual([])
    expect(points).toHaveProperty(['1U.Health'])
    expect(points).not.toHaveProperty([INTAKE])
  })

  it('reads what two chassis share once, and names the chassis where there are several', async () => {
    const tree = legacyServer()
    const [first, second] = ['/redfish/v1/Chassis/1U', '/redfish/v1/Chassis/Shelf']
    tree.set('/redfish/v1/Chassis', { Members: [{ '@odata.id': first }, { '@odata.id': second }] })
    const thermal = { '@odata.id': `${first}/Thermal` }
    tree.set(second, { '@odata.id': second, Name: 'Shelf', Status: { State: 'Enabled', Health: 'OK' }, Thermal: thermal })
    const mock = await start(tree)
    const connection = await open(mock)
    const { points } = await connection.describe()
    expect(points.find(({ key }) => key === INTAKE)?.name?.en).toBe('Computer System Chassis · Chassis Intake Temp')
    expect(points.map(({ key }) => key)).toContain('Shelf.Health')
    const before = mock.requests.length
    await connection.read(NEVER)
    expect(mock.requests.slice(before).filter((line) => line.endsWith('/Thermal'))).toHaveLength(1)
  })

  it('follows a redirect on the same service, as for a missing slash', async () => {
    const tree = legacyServer()
    const members = tree.get('/redfish/v1/Chassis') ?? {}
    tree.delete('/redfish/v1/Chassis')
    tree.set('/redfish/v1/Chassis/', members)
    const mock = await start(tree)
    mock.redirects.set('/redfish/v1/Chassis', '/redfish/v1/Chassis/')
    expect(await pointsOf(mock)).toHaveProperty([INTAKE])
  })

  it('says that the service is away or not what it was, when every resource fails alike', async () => {
    const mock = await start(legacyServer())
    const connection = await open(mock)
    await connection.describe()
    for (const path of mock.tree.keys()) mock.failing.set(path, 503)
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'unreachable', message: expect.stringMatching(/503.*told to fail/) })
    for (const path of mock.tree.keys()) mock.failing.set(path, 404)
    await expect(connection.read(NEVER)).rejects.toMatchObject({ kind: 'garbage', message: expect.stringMatching(/404/) })
  })

  it('takes the password from a file', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'roomkeeper-redfish-'))
    cleanups.push(async () => rmSync(dir, { recursive: true }))
    const passwordFile = join(dir, 'password')
    writeFileSync(passwordFile, `${REDFISH_USER.password}\n`)
    expect(await pointsOf(await start(legacyServer()), { password: undefined, passwordFile })).toHaveProperty([INTAKE])
  })
})
