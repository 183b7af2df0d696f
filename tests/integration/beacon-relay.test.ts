import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseAgentConfig } from '../../agent/src/config/index.ts'
import { modbusDriver } from '../../agent/src/drivers/modbus/index.ts'
import { startAgent } from '../../agent/src/main.ts'
import { AlarmStore } from '../../server/src/alarms/alarm-store.ts'
import { createMqttConnection } from '../../server/src/broker/mqtt-connection.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { attachIncident } from '../../server/src/incidents/incident-births.ts'
import { Directory } from '../../server/src/ingest/directory.ts'
import { Ingest } from '../../server/src/ingest/ingest.ts'
import { LiveValues } from '../../server/src/live/live-values.ts'
import { Beacons, beaconOutputs, standingAlarmsOf } from '../../server/src/notify/beacons.ts'
import { relayChannel } from '../../server/src/notify/channels/relay/index.ts'
import { relaySettings } from '../../server/src/notify/channels/relay/settings.ts'
import { createPipeline } from '../../server/src/notify/pipeline.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { type Pymodbus, startPymodbus } from '../kit/services/pymodbus.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'

const missing = missingPythonModule('pymodbus', 'python3-pymodbus') ?? missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')
const host = '127.0.0.1'
const clock = { nowMs: () => Date.now() }
const log = pino({ level: 'silent' })

/** The server's ingest and alarms without its readings store, against mosquitto, an agent and a coil. */
describe.skipIf(missing !== undefined)(`a beacon at an agent's coil${missing === undefined ? '' : ` (${missing})`}`, () => {
  let folder: string
  let broker: Mosquitto
  let module: Pymodbus
  let agent: Awaited<ReturnType<typeof startAgent>>
  let db: Db
  let alarms: AlarmStore
  let ingest: Ingest
  let beacons: Beacons
  let outputs: ReturnType<typeof beaconOutputs>
  let deviceId = 0
  let endConnection = async (): Promise<void> => undefined

  const coil = (): Promise<number> => module.get('coil', 3)
  const launchAgent = () =>
    startAgent({
      config: parseAgentConfig(
        JSON.stringify({
          site: 'test',
          node: 'agent',
          primaryHost: 'roomkeeper',
          mqtt: { url: broker.url },
          dataDir: folder,
          devices: [
            {
              id: 'module',
              driver: 'modbus',
              intervalMs: 1000,
              host,
              port: module.port,
              points: [{ key: 'beacon', kind: 'output', type: 'coil', register: 3, writable: true }],
            },
          ],
        }),
        { path: '/agent.yaml', env: {}, drivers: [modbusDriver] },
      ),
      drivers: [modbusDriver],
      log,
    })
  const raise = async (sourceId: number): Promise<void> => {
    const place = { roomId: 1, deviceId, pointId: null }
    const signal = {
      source: 'device',
      sourceId,
      condition: 'device-offline',
      priority: 'high',
      atMs: Date.now(),
      value: null,
      limit: null,
    } as const
    alarms.submit({ kind: 'raise', signal: { ...signal, late: false, ...place } })
    await alarms.flush()
  }
  const liveValue = (value: boolean): Promise<boolean> =>
    waitFor(`the point says ${value}`, 40_000, async () => {
      const now = outputs.output(deviceId, 'beacon')
      return now?.isOnline && now.value === value ? true : undefined
    })

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'roomkeeper-beacon-'))
    ;[broker, module] = await Promise.all([startMosquitto({ dynamicSecurity: false }), startPymodbus()])
    await module.set('coil', 3, [0])
    db = await openDatabase(':memory:')
    const directory = new Directory(db)
    await directory.load()
    alarms = new AlarmStore({
      db,
      clock,
      log,
      attachIncident,
      queueNotices: createPipeline({ placeKinds: new Set(), urlOf: () => undefined }),
    })
    await alarms.start()
    const connection = createMqttConnection({ url: broker.url, hostId: 'roomkeeper', log, clock })
    endConnection = () => connection.close()
    ingest = new Ingest({
      db,
      clock,
      log,
      directory,
      live: new LiveValues(),
      connection,
      alarms,
      writer: { enqueue: () => true, hasRoom: () => true },
      createRoom,
      onDeviceBirth: async () => undefined,
      counters: { received: () => undefined, lagMs: () => undefined },
      onChange: () => undefined,
    })
    await ingest.start()
    connection.onConnected(() => ingest.askForBirths())
    connection.start()
    agent = await launchAgent()
    deviceId = await waitFor('the module is known', 40_000, async () => [...directory.devices.keys()][0])
    outputs = beaconOutputs({ db, clock, directory, ingest })
    beacons = new Beacons({
      beacons: async () => [relaySettings.parse({ deviceId, key: 'beacon' })],
      standingAlarms: () => standingAlarmsOf(db),
      ...outputs,
      log,
    })
    await liveValue(false)
  })
  afterAll(async () => {
    await beacons?.stop()
    await agent?.stop()
    await endConnection()
    await alarms?.stop()
    await db?.destroy()
    await module?.stop()
    await broker?.dispose()
    await rm(folder, { recursive: true, force: true })
  })

  it('is on from the raise until the alarm is acknowledged, confirmed by reading back', async () => {
    await raise(101)
    await beacons.reconcile()
    expect([await coil(), beacons.current()]).toEqual([1, [{ deviceId, key: 'beacon', wanted: true, isOn: true, fault: null }]])
    await alarms.acknowledge(1, 'Li Na', '')
    await beacons.reconcile()
    expect([await coil(), beacons.current()[0]?.fault]).toEqual([0, null])
  })

  it('is switched again when somebody turned it off at the module itself', async () => {
    await raise(102)
    await beacons.reconcile()
    await module.set('coil', 3, [0])
    await liveValue(false)
    await beacons.reconcile()
    expect(await coil()).toBe(1)
  })

  it('an acknowledgement while the agent is away switches it off once the agent is back', async () => {
    await agent.stop()
    await waitFor('the server has seen it', 40_000, async () => (outputs.output(deviceId, 'beacon')?.isOnline === false ? true : undefined))
    await alarms.acknowledge(2, 'Li Na', '')
    await beacons.reconcile()
    expect([await coil(), beacons.current()[0]?.fault]).toEqual([1, expect.stringContaining('offline')])
    agent = await launchAgent()
    await liveValue(true)
    await beacons.reconcile()
    expect(await coil()).toBe(0)
  })

  it('a new server finds the beacon on for nothing, and turns it off', async () => {
    await module.set('coil', 3, [1])
    await liveValue(true)
    const restarted = new Beacons({
      beacons: async () => [relaySettings.parse({ deviceId, key: 'beacon' })],
      standingAlarms: () => standingAlarmsOf(db),
      ...outputs,
      log,
    })
    await restarted.reconcile()
    expect(await coil()).toBe(0)
    await restarted.stop()
  })

  it('the channel itself: a test turns it on and off again, and its answer says that the device confirmed', async () => {
    const connection = await relayChannel.open(relaySettings.parse({ deviceId, key: 'beacon' }), {
      log,
      clock,
      onReply: () => undefined,
      switchOutput: outputs.switchOutput,
    })
    const facts = { alarmId: null, incidentId: null, room: '', device: '', point: '', condition: '', value: '', limit: '', state: '' }
    const notice = { id: 'test', kind: 'test', priority: 'low', language: 'zh', title: '试发', text: '', atMs: Date.now(), facts } as const
    const sending = connection.send(notice, { name: '', address: '' }, AbortSignal.timeout(15_000))
    await waitFor('the coil is on', 20_000, async () => ((await coil()) === 1 ? true : undefined))
    expect((await sending).answer).toMatch(/设备已确认接通/)
    expect(await coil()).toBe(0)
    await connection.close()
  })
})
