import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { pino } from 'pino'
import { afterEach, describe, expect, it } from 'vitest'
import type { StoredReading } from '../readings/reading-store.ts'
import { StoreUnavailableError } from '../readings/reading-store.ts'
import { type CsvPoint, historyCsvHandler } from './history-csv.ts'

const FROM_MS = Date.UTC(2026, 2, 2)
const room = { name: '主机房' }
const device = { id: 1, site: 's', node: 'n', device: 'd', nodeId: 1, name: '=cmd()', room }
const points = new Map<number, CsvPoint>([
  [1, { id: 1, key: 'temperature', deviceId: 1, name: '', kind: 'temperature', unit: 'Cel', device }],
  [2, { id: 2, key: 'leak', deviceId: 1, name: '漏水, 空调', kind: 'leak', unit: '1', device }],
])
const log = pino({ level: 'silent' })

describe('history.csv', () => {
  const servers: ReturnType<typeof createServer>[] = []
  afterEach(() => {
    for (const server of servers.splice(0)) server.closeAllConnections()
    for (const server of servers) server.close()
  })

  async function serve(stream: (pointId: number) => AsyncIterable<StoredReading[]>): Promise<string> {
    const app = express()
    const deps = { readings: { stream: ({ point }: { point: { id: number } }) => stream(point.id) }, directory: { points }, log }
    app.get('/api/history.csv', (request, response) => historyCsvHandler(deps, request, response))
    const server = createServer(app)
    servers.push(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/history.csv`
  }
  const query = (pointIds: string) => `?pointIds=${pointIds}&fromMs=${FROM_MS}&toMs=${FROM_MS + 86_400_000}`

  it('gives every reading with names, units and quality, safe for spreadsheets', async () => {
    const url = await serve(async function* (pointId) {
      if (pointId === 1) {
        yield [{ timeMs: FROM_MS, value: -3.25 }]
        yield [{ timeMs: FROM_MS + 1500, value: 85, bad: 'sentinel' }]
      } else yield [{ timeMs: FROM_MS, value: 1 }]
    })
    const response = await fetch(url + query('1,2'))
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename="readings-\d{8}-\d{8}\.csv"$/)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(bytes.subarray(0, 3)).toEqual(Buffer.from([0xef, 0xbb, 0xbf]))
    const lines = bytes.toString('utf8').slice(1).split('\r\n')
    expect(lines[0]).toBe(
      '时间 / Local time,UTC,机房 / Room,设备 / Device,测点 / Point,数值 / Value,单位 / Unit,质量 / Quality,原因 / Reason',
    )
    expect(lines.slice(1).map((line) => line.slice(line.indexOf(',') + 1))).toEqual([
      "2026-03-02T00:00:00.000Z,主机房,'=cmd(),温度,-3.25,℃,good,",
      "2026-03-02T00:00:01.500Z,主机房,'=cmd(),温度,85,℃,bad,sentinel",
      `2026-03-02T00:00:00.000Z,主机房,'=cmd(),"漏水, 空调",true,,good,`,
      '',
    ])
  })

  it('gives the header alone when there are no readings', async () => {
    const url = await serve(async function* () {})
    expect((await (await fetch(url + query('1'))).text()).split('\r\n')).toHaveLength(2)
  })

  it.each([
    ['?fromMs=1&toMs=2', 'pointIds'],
    ['?pointIds=1', 'fromMs'],
    [query('99'), 'pointIds'],
    [`?pointIds=1&fromMs=${FROM_MS}&toMs=${FROM_MS}`, 'toMs'],
  ])('refuses %s', async (wrong, field) => {
    const response = await fetch((await serve(async function* () {})) + wrong)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'INVALID', data: { field } })
  })

  it('answers 503 when the store is away, and breaks the file off when it goes away midway', async () => {
    const away = await serve(async function* () {
      yield* []
      throw new StoreUnavailableError('away')
    })
    expect((await fetch(away + query('1'))).status).toBe(503)
    const midway = await serve(async function* () {
      yield [{ timeMs: FROM_MS, value: 1 }]
      throw new StoreUnavailableError('away')
    })
    const response = await fetch(midway + query('1'))
    await expect(response.text()).rejects.toThrow()
  })

  it('reads no further than the reader takes, and stops when the reader has gone', async () => {
    const chunk = Array.from({ length: 5000 }, (_, index) => ({ timeMs: FROM_MS + index, value: 20 + index / 1000 }))
    let given = 0
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const url = await serve(async function* () {
      try {
        for (; given < 2000; given += 1) yield chunk
      } finally {
        resolve()
      }
    })
    const request = get(url + query('1'))
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    response.pause()
    // Wait until the sender stands still: socket buffers take a few MB, 2,000 chunks would be 900 MB.
    for (let still = 0, before = -1; still < 5; before = given) {
      still = before === given ? still + 1 : 0
      await new Promise((wait) => setTimeout(wait, 40))
    }
    expect(given).toBeGreaterThan(0)
    expect(given).toBeLessThan(200)
    request.destroy()
    await ended
    expect(given).toBeLessThan(200)
  })
})
