import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { openDatabase } from '../../server/src/database/database.ts'
import { signatureHeaders } from '../../server/src/notify/channels/signed-post.ts'
import type { WatchState } from '../../server/src/watchdog/watch-state.ts'
import { type ChildProgram, startChildProgram, waitFor } from '../kit/services/child-program.ts'
import { freeTcpPort } from '../kit/services/free-port.ts'
import { missingPythonModule } from '../kit/services/require-program.ts'
import { type ServerProcess, startServerProcess } from '../kit/services/server-process.ts'
import { type SmtpServer, startSmtpServer } from '../kit/services/smtp-server.ts'

const CLI = fileURLToPath(new URL('../../server/src/cli.ts', import.meta.url))
const SECRET = 'the secret of both machines'
const missing = missingPythonModule('aiosmtpd', 'python3-aiosmtpd')

/** Runs the command to its end. */
async function ended(args: readonly string[]): Promise<{ code: number | null; output: string }> {
  const child = startChildProgram(process.execPath, [CLI, 'watchdog', ...args])
  const code = await new Promise<number | null>((resolve) => child.process.once('close', resolve))
  return { code, output: child.output() }
}

describe.skipIf(missing !== undefined)(`roomkeeper watchdog${missing === undefined ? '' : ` (${missing})`}`, () => {
  let dir: string
  let mail: SmtpServer
  let watchdog: ChildProgram | undefined
  let server: ServerProcess | undefined
  let url: string
  let file: string

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-watchdog-'))
    mail = await startSmtpServer({ tls: 'none' })
  })
  afterEach(async () => {
    await watchdog?.stop('SIGKILL')
    await server?.dispose()
    watchdog = undefined
    server = undefined
  })
  afterAll(async () => {
    await mail?.stop()
    await rm(dir, { recursive: true, force: true })
  })

  const configure = async (name: string, more: Record<string, unknown>): Promise<void> => {
    const port = await freeTcpPort()
    url = `http://127.0.0.1:${port}`
    file = join(dir, `${name}.yaml`)
    const settings = { host: '127.0.0.1', port: mail.port, tls: 'none', from: 'watchdog@hospital.example' }
    const tell = [{ channel: 'mail', settings, to: ['zhang@hospital.example'] }]
    const basics = { name: '中心机房监控', host: '127.0.0.1', port, secret: SECRET, stateFile: join(dir, `${name}.json`), timeZone: 'UTC' }
    await writeFile(file, stringify({ ...basics, tell, ...more }))
  }
  const start = async (): Promise<void> => {
    const started = startChildProgram(process.execPath, [CLI, 'watchdog', '--config', file])
    watchdog = started
    await waitFor(
      () => `the watchdog answers: ${started.output()}`,
      20_000,
      async () =>
        fetch(`${url}/healthz`).then(
          () => true,
          () => undefined,
        ),
    )
  }
  const subjects = (): string[] => mail.messages.map(({ headers }) => headers.subject ?? '')
  const mailSays = (words: string, count = 1): Promise<true> =>
    waitFor(
      () => `a mail "${words}", there are ${subjects().join(' | ')}: ${watchdog?.output()}`,
      30_000,
      async () => (subjects().filter((subject) => subject.includes(words)).length >= count ? true : undefined),
    )
  const beat = (id: string, { body, at = Date.now(), secret = SECRET }: { body?: string; at?: number; secret?: string } = {}) => {
    const text = JSON.stringify({ parts: { database: { ok: true, message: '' } } })
    const content = body ?? JSON.stringify({ version: 1, id, kind: 'heartbeat', title: '', text, atMs: at })
    return fetch(`${url}/heartbeat`, { method: 'POST', body: content, headers: signatureHeaders(secret, id, at, content) })
  }
  const stateOf = async (): Promise<WatchState> => JSON.parse(await readFile(join(dir, 'whole.json'), 'utf8')) as WatchState

  it('tells people by its own mail when the server is killed, remembers it over its own kill, and says when the server is back', async () => {
    await configure('whole', { silentAfterMinutes: 0.2 })
    const dataDir = join(dir, 'server')
    server = await startServerProcess({ dataDir })
    await server.stop()
    const db = await openDatabase(join(dataDir, 'roomkeeper.db'))
    const settingsJson = JSON.stringify({ url: `${url}/heartbeat`, allowedNetworks: ['127.0.0.1'] })
    const channel = { kind: 'watcher', label: '看门狗', enabled: 1, minPriority: 'low', settingsJson, revision: 0, changedAtMs: 1 }
    const { id } = await db
      .insertInto('channel')
      .values({ ...channel, removedAtMs: null })
      .returning('id')
      .executeTakeFirstOrThrow()
    await db.insertInto('channelSecret').values({ channelId: id, name: 'secret', value: SECRET }).execute()
    await db.destroy()

    await Promise.all([start(), server.start()])
    await waitFor(
      () => `a heartbeat: ${server?.output()} ${watchdog?.output()}`,
      20_000,
      async () => ((await stateOf()).lastHeartbeatMs === null ? undefined : true),
    )
    const overview = await server.get<{ watchers: { label: string; lastAnsweredAtMs: number | null; answer: string }[] }>('/api/proof')
    expect(overview.watchers).toMatchObject([
      { label: '看门狗', lastAnsweredAtMs: expect.any(Number) as number, answer: 'HTTP 200 已收到心跳 / heard' },
    ])
    // A watcher is no way to tell people of alarms.
    expect(await server.get('/api/notices')).toEqual([])

    await server.stop('SIGKILL')
    await mailSays('没有心跳')
    // What was told is told again when the kill comes before the answer was written down.
    await waitFor('the answer is written down', 20_000, async () => ((await stateOf()).queue.length === 0 ? true : undefined))
    await watchdog?.stop('SIGKILL')
    await Promise.all([start(), server.start()])
    await mailSays('恢复心跳')
    expect(subjects().filter((subject) => subject.includes('没有心跳')).length).toBe(1)
    expect(mail.messages[0]?.parts['text/plain']).toContain('派人看机房')
  })

  it('hears only what is signed, new and in time, and tells what is ill', async () => {
    await configure('signed', { silentAfterMinutes: 60, illAfterMinutes: 0.01 })
    await start()
    const said = async (answer: Promise<Response>): Promise<[number, string]> => {
      const response = await answer
      return [response.status, await response.text()]
    }
    expect(await said(beat('one'))).toEqual([200, '已收到心跳 / heard'])
    expect(await said(beat('one'))).toEqual([200, '这一次心跳早已收到 / heard before'])
    expect(await said(beat('two', { secret: 'another secret of this length' }))).toEqual([
      401,
      expect.stringContaining('签名不符') as string,
    ])
    expect(await said(beat('three', { at: Date.now() - 6 * 60_000 }))).toEqual([401, expect.stringContaining('时钟') as string])
    expect(await said(fetch(`${url}/heartbeat`, { method: 'POST', body: '{}' }))).toEqual([
      401,
      expect.stringContaining('没有签名') as string,
    ])
    expect((await said(beat('four', { body: '{"id":"four"}' })))[0]).toBe(422)
    expect((await said(fetch(url)))[0]).toBe(404)
    await expect(
      beat('big', { body: 'x'.repeat(100_000) }).then(({ status }) => status === 413 || Promise.reject(new Error('cut'))),
    ).resolves.toBe(true)

    const ill = JSON.stringify({ parts: { readings: { ok: false, message: 'InfluxDB is away' } } })
    for (const id of ['ill-1', 'ill-2']) {
      const body = JSON.stringify({ version: 1, id, kind: 'heartbeat', title: '', text: ill, atMs: Date.now() })
      expect((await beat(id, { body })).status).toBe(200)
    }
    await mailSays('部分异常：readings')
    expect((await beat('well')).status).toBe(200)
    await mailSays('已正常')
  })

  it('prints a sample that it takes itself once the secrets are filled in, and names what is wrong in a file', async () => {
    const { code, output } = await ended(['--init'])
    expect(code).toBe(0)
    const sample = join(dir, 'sample.yaml')
    await writeFile(
      sample,
      output.replace('port: 8091', 'port: 70000').replace('smtp.example.org', 'a b').replace('silentAfterMinutes', 'silentAfter'),
    )
    const wrong = await ended(['--config', sample])
    expect(wrong.code).toBe(2)
    expect(wrong.output).toMatch(/sample\.yaml:\d+: port: /)
    expect(wrong.output).toContain('silentAfter')
    await writeFile(sample, output.replace('smtp.example.org', 'a b').replace('on-call@example.org', 'nobody'))
    const deeper = await ended(['--config', sample])
    expect(deeper.output).toMatch(/sample\.yaml:\d+: tell\.0\.settings\.host: /)
    expect(deeper.output).toMatch(/sample\.yaml:\d+: tell\.0\.to\.0: /)
    expect(deeper.output).not.toContain('its-password')
    const { code: noFile, output: words } = await ended(['--config', join(dir, 'none.yaml')])
    expect([noFile, words]).toEqual([2, expect.stringContaining('none.yaml') as string])
  })
})
