import { type ImportReport, XLSX_TYPE } from '@roomkeeper/shared/http'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { networkExportRoutes } from '../../server/src/api/network-exports.ts'
import { networkImportRoutes } from '../../server/src/api/network-import.ts'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { openDatabase } from '../../server/src/database/database.ts'
import type { Db } from '../../server/src/database/schema.ts'
import { loadAddressBook } from '../../server/src/network/address-rows.ts'
import { loadPorts } from '../../server/src/network/port-rows.ts'
import { writeSheets } from '../../server/src/registers/import/import-template.ts'
import { readSheetRows } from '../../server/src/registers/import/read-sheet.ts'
import { createRoom } from '../../server/src/rooms/create-room.ts'
import { type ApiApp, startApiApp } from '../kit/api-app.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { pdfText } from '../kit/office.ts'

const NOW_MS = Date.UTC(2026, 5, 1)
const LIMITS = { maxBytes: 5_000_000, maxRows: 1000 }
const ADDRESSES = ['IP', '主机名', 'MAC', '使用科室', '保管人', '资产编号', '备用列']
const PORTS = ['交换机', '端口', '对端', '对端端口', '机房', '标签']

async function xlsx(rows: (string | number | Date | undefined)[][]): Promise<Buffer> {
  const cells = rows.map((row) => row.map((value) => ({ value, ...(value instanceof Date ? { format: 'yyyy-mm-dd' } : {}) })))
  return await writeSheets([{ sheet: '表', data: cells }])
}

describeEachDatabase('IP table and switch ports on sheets', (newDatabase) => {
  let db: Db
  let app: ApiApp
  let cookie: string

  beforeEach(async () => {
    const location = await newDatabase()
    db = await openDatabase(location)
    const deps = { db, clock: { nowMs: () => NOW_MS }, log: pino({ level: 'silent' }), timeZone: 'Asia/Shanghai', change: () => undefined }
    app = await startApiApp(location, { extraRoutes: [...networkExportRoutes(deps), ...networkImportRoutes(deps)] })
    cookie = (await app.addPerson('tech', ['technician'])).cookie
    const subnet = { cidr: '10.1.20.0/24', name: '机房设备', vlan: 20, gateway: '10.1.20.1', purpose: '', note: '' }
    await db
      .insertInto('ipSubnet')
      .values({ ...subnet, revision: 1, changedBy: '王工', changedAtMs: NOW_MS, removedAtMs: null })
      .execute()
    await db.transaction().execute((transaction) => createRoom(transaction, { site: '本部', name: '主机房' }, NOW_MS))
  })
  afterEach(async () => {
    await app?.stop()
    await db?.destroy()
  })

  const file = async (path: string): Promise<Buffer> => {
    const answer = await fetch(app.url + path, { headers: { cookie } })
    expect(answer.status, path).toBe(200)
    return Buffer.from(await answer.arrayBuffer())
  }
  const send = async (sheet: 'addresses' | 'switch-ports', bytes: Buffer, query: string) => {
    const headers = { cookie, 'content-type': XLSX_TYPE }
    return await fetch(`${app.url}/api/${sheet}/import?${query}`, { method: 'POST', headers, body: Uint8Array.from(bytes) })
  }
  const read = async (sheet: 'addresses' | 'switch-ports', bytes: Buffer, query = 'apply=1'): Promise<ImportReport> =>
    (await (await send(sheet, bytes, query)).json()) as ImportReport

  it('reads addresses in: first a look, then for good, and the same file changes nothing again', async () => {
    const sheet = await xlsx([
      ADDRESSES,
      ['10.1.20.15', 'his-db', 'A0-36-9F-00-11-22', '信息科', '王明', undefined, 'x'],
      ['10.1.20.16', 'pacs', undefined, '放射科', undefined, undefined, undefined],
    ])
    const looked = await read('addresses', sheet, 'apply=0')
    expect(looked).toMatchObject({ applied: false, counts: { new: 2, problems: 0 }, unknownColumns: ['备用列'] })
    expect((await loadAddressBook(db, NOW_MS)).addresses).toEqual([])

    expect(await read('addresses', sheet)).toMatchObject({ applied: true, counts: { new: 2 } })
    const { addresses } = await loadAddressBook(db, NOW_MS)
    expect(addresses).toMatchObject([
      { address: '10.1.20.15', state: 'used', hostname: 'his-db', mac: 'a0:36:9f:00:11:22', department: '信息科', revision: 1 },
      { address: '10.1.20.16', state: 'used', mac: '' },
    ])
    expect((await read('addresses', sheet)).counts).toEqual({ new: 0, changed: 0, unchanged: 2, problems: 0 })

    const changed = await xlsx([
      ['IP 地址', '状态', '主机名'],
      ['10.1.20.16', '保留', undefined],
    ])
    expect((await read('addresses', changed)).rows[0]?.changes).toEqual([
      { label: { zh: '状态', en: 'State' }, before: '已用', after: '保留' },
    ])
    const kept = (await loadAddressBook(db, NOW_MS)).addresses
    expect(kept[1]).toMatchObject({ state: 'reserved', hostname: 'pacs', department: '放射科', revision: 2 })
    expect(await verifyAudit(db)).toMatchObject({ ok: true })

    // What is exported can be read in again, in either language, and changes nothing.
    for (const language of ['zh', 'en']) {
      const exported = await file(`/api/addresses.xlsx?language=${language}`)
      expect((await readSheetRows(exported, LIMITS))[1]?.slice(0, 5)).toContain('his-db')
      expect((await read('addresses', exported)).counts).toEqual({ new: 0, changed: 0, unchanged: 2, problems: 0 })
    }
  })

  it('names what is wrong by row and column, and then changes nothing unless told to take the rest', async () => {
    const sheet = await xlsx([
      ADDRESSES,
      ['10.9.9.9', 'elsewhere'],
      ['10.1.20.300', 'no address'],
      ['10.1.20.15', 'one', '12:34'],
      ['10.1.20.16', 'two'],
      ['10.1.20.16', 'two again'],
      ['10.1.20.17', 'three', undefined, undefined, undefined, 'A-404'],
    ])
    const { problems } = await read('addresses', sheet, 'apply=0')
    expect(problems.map(({ row, column }) => [row, column])).toEqual([
      [2, 'IP 地址'],
      [3, 'IP'],
      [4, 'MAC'],
      [6, 'IP 地址'],
      [7, '资产编号'],
    ])
    expect(problems[3]?.message.en).toContain('row 5')
    const refused = await send('addresses', sheet, 'apply=1')
    expect([refused.status, await refused.text()]).toEqual([422, expect.stringContaining('row 2')])
    expect((await loadAddressBook(db, NOW_MS)).addresses).toEqual([])
    await read('addresses', sheet, 'apply=1&only=good')
    expect((await loadAddressBook(db, NOW_MS)).addresses.map(({ hostname }) => hostname)).toEqual(['two'])
    const broken = await send('addresses', Buffer.from('no Excel file'), 'apply=0')
    expect([broken.status, await broken.text()]).toEqual([422, expect.stringContaining('xlsx')])
  })

  it('reads switch ports in, by switch and port, and says where Excel made a date of a port', async () => {
    const sheet = await xlsx([
      PORTS,
      ['核心-1', 'GE1/0/1', '接入-3', '24', '主机房', undefined],
      ['接入-3', 24, undefined, undefined, undefined, 'J3-24'],
      ['接入-3', 25, undefined, undefined, undefined, undefined],
    ])
    expect((await read('switch-ports', sheet)).counts).toMatchObject({ new: 3, problems: 0 })
    const ports = await loadPorts(db)
    const [access, spare, core] = ['J3-24', '接入-3-25', '核心-1-GE1/0/1'].map((label) => ports.find((one) => one.label === label))
    expect(core).toMatchObject({ state: 'used', roomName: '主机房', ends: [{ portId: access?.id, name: '接入-3', port: '24' }] })
    expect(access).toMatchObject({ state: 'free', ends: [{ portId: core?.id, name: '核心-1', port: 'GE1/0/1' }], patchProblems: [] })
    expect(spare?.ends).toEqual([])
    expect((await read('switch-ports', sheet)).counts).toEqual({ new: 0, changed: 0, unchanged: 3, problems: 0 })
    expect((await read('switch-ports', await file('/api/switch-ports.xlsx?switchName=接入-3'))).counts).toMatchObject({ unchanged: 2 })

    const wrong = await xlsx([
      PORTS,
      ['核心-1', new Date(Date.UTC(2026, 0, 24)), undefined, undefined, undefined, undefined],
      ['核心-1', '2', undefined, undefined, '地下室', undefined],
      ['核心-1', '3', undefined, undefined, undefined, 'J3-24'],
      ['核心-1', '4', '核心-1', '4', undefined, undefined],
    ])
    const { problems } = await read('switch-ports', wrong, 'apply=0')
    expect(problems.map(({ row, column }) => [row, column])).toEqual([
      [2, '端口'],
      [3, '机房'],
      [4, '标签'],
      [5, '对端'],
    ])
    expect(problems[0]?.message.zh).toContain('文本')
  })

  it('prints a label for each port, as many pages as it takes', async () => {
    const rows = Array.from({ length: 31 }, (_, index) => ['核心-1', `GE1/0/${index + 1}`, `服务器 ${index + 1}`, 'eth0'])
    await read('switch-ports', await xlsx([PORTS.slice(0, 4), ...rows]))
    const text = (await pdfText(await file('/api/switch-ports/labels.pdf?switchName=核心-1'))).replaceAll(' ', '')
    for (const part of ['核心-1-GE1/0/1', '核心-1-GE1/0/31', '→服务器31eth0', '共2页']) expect(text).toContain(part)
    expect(text.match(/核心-1-GE1\/0\//g)).toHaveLength(31)
    const one = await pdfText(await file('/api/switch-ports/labels.pdf?q=GE1/0/31&language=en'))
    expect(one.replaceAll(' ', '')).toContain('Page1of1')
    expect((await fetch(`${app.url}/api/switch-ports/labels.pdf?switchName=none`, { headers: { cookie } })).status).toBe(404)
  })

  it('gives templates whose example can be read in', async () => {
    const [header, example] = await readSheetRows(await file('/api/switch-ports/import-template.xlsx'), LIMITS)
    expect(header?.slice(0, 2)).toEqual(['交换机*', '端口*'])
    expect(example?.slice(0, 2)).toEqual(['核心-1', 'GE1/0/1'])
    expect((await read('switch-ports', await file('/api/switch-ports/import-template.xlsx'), 'apply=0')).counts.new).toBe(1)
    expect((await read('addresses', await file('/api/addresses/import-template.xlsx'), 'apply=0')).problems).toEqual([])
  })
})
