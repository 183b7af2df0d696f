import { join } from 'node:path'
import type { Agent, Alarm, RoomOverview } from '@roomkeeper/shared/http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type AgentProcess, issueCredential, startAgentProcess } from '../kit/services/agent-process.ts'
import { waitFor } from '../kit/services/child-program.ts'
import { missingProgram } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { startUpsd, UPSD_PROGRAMS, type Upsd } from '../kit/services/upsd.ts'
import { missingSmallDisk, mountSmallDisk, type SmallDisk } from '../kit/small-disk.ts'

const missing = missingSmallDisk() ?? missingProgram(UPSD_PROGRAMS, 'nut-server')
const MAINS = 'ups.status: OL\ninput.voltage: 229.8\nbattery.charge: 100\n'
const BATTERY = MAINS.replace('OL', 'OB DISCHRG')

describe.skipIf(missing !== undefined)(`a full disk${missing === undefined ? '' : ` (${missing})`}`, () => {
  let agentDisk: SmallDisk
  let serverDisk: SmallDisk
  let upsd: Upsd
  let server: ServerProcess
  let agent: AgentProcess

  const agentRow = async (): Promise<Agent | undefined> => (await server.get<Agent[]>('/api/agents'))[0]
  const upsStatus = async () => (await server.get<RoomOverview[]>('/api/rooms'))[0]?.leading.find(({ kind }) => kind === 'ups-status')
  const healthz = async () => {
    const answer = await fetch(`${server.url}/healthz`)
    return { status: answer.status, ...((await answer.json()) as { parts: Record<string, { ok: boolean }> }) }
  }
  /** A reading that was taken after now arrives. */
  const freshReading = async (): Promise<void> => {
    const sinceMs = Date.now()
    await waitFor('a fresh reading', 30_000, async () => (((await upsStatus())?.timeMs ?? 0) > sinceMs ? true : undefined))
  }

  beforeAll(async () => {
    agentDisk = mountSmallDisk(2)
    serverDisk = mountSmallDisk(24)
    upsd = await startUpsd({ upses: { ups1: { dev: MAINS } } })
    server = await startServerProcess({ dataDir: serverDisk.folder })
    agent = await startAgentProcess({
      site: '本院',
      node: 'a1',
      mqttUrl: `mqtt://127.0.0.1:${server.mqttPort}`,
      credential: await issueCredential(server, '本院', 'a1'),
      devices: [{ id: 'ups-1', driver: 'nut', room: '中心机房', intervalMs: 200, host: '127.0.0.1', port: upsd.port }],
      dataDir: join(agentDisk.folder, 'data'),
    })
    await waitFor('readings come', 40_000, async () => ((await upsStatus())?.value === 'OL' ? true : undefined))
  })
  afterAll(async () => {
    await agent?.dispose()
    await server?.dispose()
    await upsd?.stop()
    agentDisk?.dispose()
    serverDisk?.dispose()
  })
  afterEach(({ task }) => {
    if (task.result?.state === 'fail') console.log(`── server\n${server?.output()}\n── agent\n${agent?.output()}`)
  })

  it('of the agent: a named fault, live readings go on, and it logs again when there is room', async () => {
    await agentDisk.fill()
    const fault = await waitFor('log-unavailable', 40_000, async () =>
      (await agentRow())?.faults.find(({ kind }) => kind === 'log-unavailable'),
    )
    expect(fault).toMatchObject({ device: null, message: expect.stringMatching(/disk-full.*ENOSPC/) })
    await freshReading()
    expect(await agentRow()).toMatchObject({ online: true })
    await agentDisk.free()
    await waitFor('the fault is over', 40_000, async () => ((await agentRow())?.faults.length === 0 ? true : undefined))
    const committed = (await agentRow())?.committedOffset ?? 0
    await waitFor('records are committed again', 30_000, async () =>
      ((await agentRow())?.committedOffset ?? 0) > committed + 2 ? true : undefined,
    )
  })

  it('of the server: it says so, goes on showing live values, and makes up for what it could not write', async () => {
    const committedBefore = (await agentRow())?.committedOffset ?? 0
    await serverDisk.fill()
    await waitFor('healthz tells', 40_000, async () => ((await healthz()).status === 503 ? true : undefined))
    const { parts } = await server.get<{ parts: Record<string, { ok: boolean; message: string }> }>('/api/system')
    const told = Object.values(parts).filter(({ ok }) => !ok)
    expect(told.length).toBeGreaterThan(0)
    expect(told.map(({ message }) => message).join('\n')).toMatch(/full|ENOSPC/i)
    // An alarm that cannot be written yet must not be lost.
    await upsd.play('ups1', BATTERY)
    await waitFor('the live value follows', 30_000, async () => ((await upsStatus())?.value === 'OB DISCHRG' ? true : undefined))
    await freshReading()
    const roseAtMs = Date.now()

    await serverDisk.free()
    const alarm = await waitFor('the alarm is written after all', 40_000, async () =>
      (await server.get<Alarm[]>('/api/alarms')).find(({ condition }) => condition === 'state'),
    )
    expect(alarm).toMatchObject({ value: 'OB DISCHRG', state: 'UNACK' })
    expect(alarm.raisedAtMs).toBeLessThanOrEqual(roseAtMs)
    await waitFor('all is well', 40_000, async () => ((await healthz()).status === 200 ? true : undefined))
    const nextMs = Date.now()
    await waitFor('everything that was read meanwhile is stored', 40_000, async () => {
      const row = await agentRow()
      return (row?.committedOffset ?? 0) > committedBefore + 10 && row?.backlog !== null ? true : undefined
    })
    const point = await upsStatus()
    const rows = await server.get<{ timeMs: number }[]>(`/api/points/${point?.id}/readings?fromMs=${roseAtMs - 5000}&toMs=${nextMs}`)
    const gapsMs = rows.slice(1).map(({ timeMs }, index) => timeMs - (rows[index]?.timeMs as number))
    expect(rows.length).toBeGreaterThan(5)
    expect(Math.max(...gapsMs)).toBeLessThan(3000)
  })

  it('of the server, at its start: one sentence, and no half-made data folder that stops the next start', async () => {
    await server.stop()
    await serverDisk.fill()
    const outcome = await server.start().then(
      () => 'started',
      (error: Error) => error.message,
    )
    expect(outcome).toContain('The disk is full or failing')
    expect(outcome).not.toMatch(/^\s+at /m)
    await server.stop()
    await serverDisk.free()
    await server.start()
    await waitFor('readings come again', 30_000, async () => ((await upsStatus())?.quality === 'good' ? true : undefined))
  })
})
