import type { Agent, Alarm, Device, Drill, Me, ResponseTimes, RoomOverview } from '@roomkeeper/shared/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { waitFor } from '../kit/services/child-program.ts'
import { MOSQUITTO_PROGRAMS, type Mosquitto, startMosquitto } from '../kit/services/mosquitto.ts'
import { missingProgram, missingPythonModule } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { type SmtpServer, startSmtpServer } from '../kit/services/smtp-server.ts'

const noMail = missingPythonModule('aiosmtpd', 'python3-aiosmtpd')
const noMosquitto = missingProgram(MOSQUITTO_PROGRAMS, 'mosquitto')

const BROKERS = [
  { broker: 'embedded', missing: noMail },
  { broker: 'Mosquitto', missing: noMail ?? noMosquitto },
] as const

for (const { broker, missing } of BROKERS)
  describe.skipIf(missing !== undefined)(`a drill by the ${broker} broker${missing === undefined ? '' : ` (${missing})`}`, () => {
    let mosquitto: Mosquitto | undefined
    let server: ServerProcess
    let mail: SmtpServer

    beforeAll(async () => {
      mosquitto = broker === 'Mosquitto' ? await startMosquitto() : undefined
      mail = await startSmtpServer({ tls: 'none' })
      server = await startServerProcess({
        env: {
          ROOMKEEPER_PUBLIC_URL: 'https://rooms.hospital.example/',
          ...(mosquitto ? { ROOMKEEPER_MQTT_URL: mosquitto.adminUrl } : {}),
        },
      })
      await server.send('POST', '/api/rooms', { site: 'main', name: '主机房', class: 'computer-room' })
    })
    afterAll(async () => {
      await server?.dispose()
      await mail?.stop()
      await mosquitto?.dispose()
    })

    const drills = (): Promise<Drill[]> => server.get<Drill[]>('/api/drills')
    const drillIn = (state: Drill['state']): Promise<Drill> =>
      waitFor(
        () => `the drill is ${state}: ${server.output()}`,
        15_000,
        async () => (await drills()).find((drill) => drill.state === state),
      )
    const ready = (): Promise<true> =>
      waitFor('the broker is connected', 40_000, async () => {
        const { parts } = (await (await fetch(`${server.url}/healthz`)).json()) as { parts: { broker: { ok: boolean } } }
        return parts.broker.ok ? true : undefined
      })

    it('goes the whole way from the reading to a mail and a person, is measured, and leaves nothing behind', async () => {
      await ready()
      const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'alarm@hospital.example' }
      const channel = { kind: 'mail', label: '邮件', enabled: true, minPriority: 'high', settings }
      const { id: channelId } = await server.send<{ id: number }>('POST', '/api/channels', channel)
      const user = await server.get<Me>('/api/session')
      await server.send('PUT', '/api/session/duty', { onDuty: true })
      const contact = {
        accountId: user.id,
        channelId,
        address: 'zhang@hospital.example',
        minPriority: 'high',
        language: 'zh',
        enabled: true,
      }
      await server.send('POST', '/api/contacts', contact)

      const begun = await server.send<Drill>('POST', '/api/drills', { note: '' })
      expect(begun).toMatchObject({ state: 'running', startedBy: user.name })
      await expect(server.send('POST', '/api/drills', { note: '' })).rejects.toThrow('409')
      const [taken] = await waitFor(
        () => `the drill's mail: ${server.output()}`,
        15_000,
        async () => (mail.messages.length > 0 ? mail.messages : undefined),
      )
      expect(taken?.headers.subject).toContain('演练 DRILL')
      expect(taken?.parts['text/plain']).toContain('这是告警演练')
      expect(taken?.parts['text/plain']).toContain('https://rooms.hospital.example/alarms')

      const [alarm] = await server.get<Alarm[]>('/api/alarms?scope=open')
      expect(alarm).toMatchObject({ drill: true, state: 'UNACK', priority: 'critical', incidentId: null, deviceName: '告警演练' })
      await server.send('POST', `/api/alarms/${alarm?.id}/acknowledge`, { note: '' })
      const passed = await drillIn('passed')
      expect(passed).toMatchObject({
        alarmId: alarm?.id,
        acknowledgedBy: user.name,
        notices: { sent: 1, failed: 0, pending: 0 },
        reason: null,
      })
      for (const ms of [passed.detectedMs, passed.firstSentMs, passed.acknowledgedMs]) expect(ms).toBeGreaterThanOrEqual(0)
      expect(passed.acknowledgedMs).toBeGreaterThanOrEqual(passed.firstSentMs ?? Number.NaN)

      // The reading is normal again, and the mail says so as a drill.
      const cleared = await waitFor('the drill is over', 40_000, async () => {
        const [now] = await server.get<Alarm[]>('/api/alarms?scope=all')
        return now?.state === 'NORM' ? now : undefined
      })
      expect(cleared.id).toBe(alarm?.id)
      await waitFor('its end is told', 40_000, async () => (mail.messages.length > 1 ? true : undefined))
      expect(mail.messages.every(({ headers }) => headers.subject?.includes('演练 DRILL'))).toBe(true)
    })

    it('is seen nowhere but as a drill', async () => {
      const [room] = await server.get<RoomOverview[]>('/api/rooms')
      expect(room).toMatchObject({ devices: 0, points: 0, openIncidents: 0, alarms: { critical: 0, unacknowledged: 0 } })
      expect(await server.get<Agent[]>('/api/agents')).toEqual([])
      expect(await server.get<Device[]>('/api/devices')).toEqual([])
      const times = async (of: string): Promise<ResponseTimes> => server.get<ResponseTimes>(`/api/response-times?days=1&of=${of}`)
      expect(await times('alarms')).toMatchObject({ alarms: 0, acknowledged: 0, byPerson: [] })
      expect(await times('drills')).toMatchObject({
        alarms: 1,
        acknowledged: 1,
        detectToSent: { count: 1 },
        detectToAcknowledged: { count: 1 },
        byChannel: [{ label: '邮件', kind: 'mail', failed: 0, detectToSent: { count: 1 } }],
      })
      await expect(server.send('POST', '/api/agents', { site: 'main', node: 'roomkeeper-drill' })).rejects.toThrow('422')
    })

    it('that a kill has cut short is ended by the next start', async () => {
      await server.send('POST', '/api/drills', { note: '' })
      const open = (): Promise<Alarm | undefined> =>
        server.get<Alarm[]>('/api/alarms?scope=open').then((alarms) => alarms.find(({ drill }) => drill))
      const alarm = await waitFor('the alarm of the second drill', 40_000, open)
      await server.stop('SIGKILL')
      await server.start()
      await ready()
      expect(await drillIn('running')).toMatchObject({ alarmId: alarm.id })
      await server.send('POST', `/api/alarms/${alarm.id}/acknowledge`, { note: '' })
      await waitFor('both have passed', 40_000, async () => ((await drills()).every(({ state }) => state === 'passed') ? true : undefined))
      await waitFor(
        () => `nothing stands: ${server.output()}`,
        15_000,
        async () => ((await open()) === undefined ? true : undefined),
      )
    })
  })
