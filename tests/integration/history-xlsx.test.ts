import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import express from 'express'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { historyXlsxRoute } from '../../server/src/api/history-xlsx.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { type HistoryBucket, StoreUnavailableError } from '../../server/src/readings/reading-store.ts'
import { OFFICE_PROGRAMS, officeCsv } from '../kit/office.ts'
import { missingProgram } from '../kit/services/require-program.ts'

const FROM_MS = Date.UTC(2026, 2, 2)
const HOUR_MS = 3_600_000
const missing = missingProgram(OFFICE_PROGRAMS, 'libreoffice-calc, poppler-utils')
const device = { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1, name: '=cmd()', nameEn: 'Probe', room: { name: '主机房' } }
const point = { id: 1, key: 'temperature', deviceId: 1, name: '', nameEn: '', kind: 'temperature', unit: 'Cel', device } as const
const bucket = (timeMs: number, mean: number, insideMs: number): HistoryBucket => ({
  ...{ timeMs, min: mean - 1, mean, max: mean + 1, count: 360, badCount: 2 },
  ...{ goodMs: HOUR_MS, limitedMs: HOUR_MS, insideMs },
})

describe.skipIf(missing !== undefined)(`history as Excel${missing === undefined ? '' : ` (${missing})`}`, () => {
  let dir: string
  let db: Db
  let server: ReturnType<typeof createServer>
  let url: string
  let isAway = false

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'roomkeeper-history-'))
    db = await openDatabase(join(dir, 'roomkeeper.db'))
    const app = express()
    const route = historyXlsxRoute({
      db,
      clock: { nowMs: () => FROM_MS + 86_400_000 },
      log: pino({ level: 'silent' }),
      timeZone: 'Asia/Shanghai',
      directory: { points: new Map([[1, point]]) },
      readings: {
        history: async () => {
          if (isAway) throw new StoreUnavailableError('away')
          return { bucketMs: HOUR_MS, buckets: [bucket(FROM_MS, 22, HOUR_MS), bucket(FROM_MS + HOUR_MS, 29, HOUR_MS / 4)] }
        },
      },
    })
    const actor: Actor = {
      ...{ accountId: 1, username: 'wangfang', name: '王芳', roles: ['room-keeper'], sessionHash: null, mustChangePassword: false },
    }
    app.get(route.path, (request, response, next) => {
      Promise.resolve(route.handler(request, response, actor)).catch(next)
    })
    app.use(
      (error: { status: number; message: string }, _request: express.Request, response: express.Response, _next: express.NextFunction) => {
        response.status(error.status).json({ message: error.message })
      },
    )
    server = createServer(app).listen(0, '127.0.0.1')
    await once(server, 'listening')
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${route.path}`
  })
  afterAll(async () => {
    server?.closeAllConnections()
    server?.close()
    await db?.destroy()
    await rm(dir, { recursive: true, force: true })
  })

  const query = `?pointIds=1&fromMs=${FROM_MS}&toMs=${FROM_MS + 4 * HOUR_MS}`

  it('holds the figures of the range as LibreOffice reads them, in both languages', async () => {
    const bytes = async (language: string) => new Uint8Array(await (await fetch(`${url}${query}&language=${language}`)).arrayBuffer())
    const sheets = await officeCsv(
      new Map([
        ['zh', await bytes('zh')],
        ['en', await bytes('en')],
      ]),
    )
    const zh = sheets.get('zh') ?? ''
    // Two known hours of four; of these one and a quarter inside the limits.
    expect(zh).toContain('"主机房","=cmd()","温度","℃",21,2026-03-02 08:00,25.5,30,2026-03-02 09:00,0.625,0.75,2,720,4')
    expect(zh).toContain('2026-03-02 08:00 — 2026-03-02 12:00')
    expect(sheets.get('en')).toContain('"主机房","Probe","Temperature","℃",21,')
  })

  it('says what is wrong with what was asked, and when the store is away', async () => {
    const answer = await fetch(`${url}?pointIds=7&fromMs=${FROM_MS}&toMs=${FROM_MS + 1}`)
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining('没有测点 7')])
    expect((await fetch(`${url}?pointIds=1&fromMs=5&toMs=9`)).status).toBe(422)
    isAway = true
    expect((await fetch(url + query)).status).toBe(503)
  })
})
