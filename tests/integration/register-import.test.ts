import { deflateRawSync } from 'node:zlib'
import { IMPORT_MAX_ROWS, type ImportReport } from '@roomkeeper/shared/http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { verifyAudit } from '../../server/src/audit/audit.ts'
import { writeSheets } from '../../server/src/registers/import/import-template.ts'
import { readSheetRows } from '../../server/src/registers/import/read-sheet.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RegistersApp, startRegistersApp } from '../kit/registers-app.ts'

type Value = string | number | Date | undefined
const LIMITS = { maxBytes: 5_000_000, maxRows: 100 }

async function xlsx(rows: Value[][]): Promise<Buffer> {
  const cells = rows.map((row) => row.map((value) => ({ value, ...(value instanceof Date ? { format: 'yyyy-mm-dd' } : {}) })))
  return await writeSheets([{ sheet: '资产', data: cells }])
}

const HEADER = ['资产编号', '名称', 'Category', '型号', '使用科室', '保管人', '机房', 'boughtOn', '备用列']
const SERVER = ['A-001', 'HIS 主机', '服务器', 'R750', '信息科', '王明', '主机房', new Date(Date.UTC(2025, 4, 6)), 'x']
const UPS = ['A-002', 'UPS 主机', 'UPS and batteries', 'APC 20k', '信息科', '李华', '主机房', '2024/7/1', undefined]

describeEachDatabase('import from Excel', (newDatabase) => {
  let app: RegistersApp
  let keeper: Actor
  const read = (apply: 'look' | 'all' | 'good', bytes: Uint8Array): Promise<ImportReport> =>
    app.registers.importSheet(keeper, { register: 'asset', bytes, apply })
  const assets = () => app.registers.list(keeper, { register: 'asset', phase: 'all', limit: 100 })

  beforeEach(async () => {
    app = await startRegistersApp(await newDatabase())
    keeper = await app.person('room-keeper')
    await app.addRoom('主机房')
  })
  afterEach(() => app?.stop())

  it('looks first, changes on confirmation, and the same file changes nothing again', async () => {
    const file = await xlsx([HEADER, SERVER, UPS])
    const looked = await read('look', file)
    expect(looked).toMatchObject({
      applied: false,
      counts: { new: 2, changed: 0, unchanged: 0, problems: 0 },
      unknownColumns: ['备用列'],
    })
    expect(await assets()).toEqual([])

    const applied = await read('all', file)
    expect(applied.rows).toMatchObject([
      { row: 2, key: 'A-001', title: 'HIS 主机', outcome: 'new', number: 'AST-2026-0001' },
      { row: 3, key: 'A-002', outcome: 'new', number: 'AST-2026-0002' },
    ])
    const kept = (await assets()).sort((a, b) => a.id - b.id)
    expect(kept).toMatchObject([
      { state: 'in-use', phase: 'kept', roomName: '主机房', fields: { category: 'server', boughtOn: '2025-05-06', custodianName: '王明' } },
      { state: 'in-use', fields: { category: 'ups', boughtOn: '2024-07-01' } },
    ])

    const again = await read('all', file)
    expect(again.counts).toEqual({ new: 0, changed: 0, unchanged: 2, problems: 0 })
    expect((await assets()).sort((a, b) => a.id - b.id)).toEqual(kept)
    expect(await verifyAudit(app.db)).toMatchObject({ ok: true })
  })

  it('changes what differs as a step that says before and after', async () => {
    await read('all', await xlsx([HEADER, SERVER]))
    app.clock.advance(60_000)
    const report = await read(
      'all',
      await xlsx([
        ['资产编号', '保管人'],
        ['a-001', '赵云'],
      ]),
    )
    expect(report.counts).toMatchObject({ changed: 1, problems: 0 })
    const [{ id = 0 } = {}] = await assets()
    const { fields, steps } = await app.registers.get(keeper, 'asset', id)
    expect(fields).toMatchObject({ custodianName: '赵云', model: 'R750' })
    expect(steps.map(({ kind }) => kind)).toEqual(['create', 'move', 'save'])
    expect(steps.at(-1)?.changes).toContainEqual({ key: 'custodianName', before: '王明', after: '赵云' })
    expect(await app.registers.assetFigures(keeper, 2026)).toMatchObject({
      months: expect.arrayContaining([{ month: 3, added: 1, removed: 0, changed: 1, total: 1 }]),
    })
  })

  it('keeps each number once, also for what is written into the form', async () => {
    await read('all', await xlsx([HEADER, SERVER]))
    const [first] = await assets()
    const twin = await app.registers.create(keeper, { register: 'asset', fields: { ...first?.fields, number: ' a-001' } })
    const move = { register: 'asset', recordId: twin.id, move: 'register', revision: twin.revision }
    await expect(app.registers.move(keeper, move)).rejects.toMatchObject({
      message: expect.stringContaining(first?.number ?? 'no record'),
      data: { field: 'fields.number' },
    })
    await app.registers.move(keeper, { ...move, fields: { number: 'A-0011' } })
    expect(await assets()).toHaveLength(2)
  })

  it('says where rows are wrong, and takes the good ones only when asked', async () => {
    const wrong = [...UPS]
    wrong[2] = '飞机'
    wrong[6] = '没有的机房'
    const file = await xlsx([HEADER, SERVER, wrong])
    expect((await read('look', file)).problems).toMatchObject([
      { row: 3, column: 'Category', value: '飞机', message: { zh: expect.stringContaining('服务器、存储') } },
      { row: 3, column: '机房', value: '没有的机房', message: { zh: expect.stringContaining('主机房') } },
    ])
    await expect(read('all', file)).rejects.toThrow(/有 2 处问题，未导入任何内容；第 3 行/)
    expect(await assets()).toEqual([])
    expect((await read('good', file)).counts).toMatchObject({ new: 1, problems: 2 })
    expect(await assets()).toHaveLength(1)
  })

  it('is for those who may begin records, and for registers that hospitals keep in Excel', async () => {
    const file = await xlsx([HEADER, SERVER])
    const auditor = await app.person('auditor')
    await expect(app.registers.importSheet(auditor, { register: 'asset', bytes: file, apply: 'look' })).rejects.toThrow(/没有权限导入/)
    await expect(app.registers.importTemplate(auditor, 'asset')).rejects.toThrow(/没有权限导入/)
    await expect(app.registers.importSheet(keeper, { register: 'visit', bytes: file, apply: 'look' })).rejects.toThrow(/不能从 Excel 导入/)
  })

  it('gives a template that is read in again as it is', async () => {
    const { title, bytes } = await app.registers.importTemplate(keeper, 'asset')
    expect(title).toBe('资产档案')
    const [header] = await readSheetRows(bytes, LIMITS)
    expect(header?.slice(0, 3)).toEqual(['资产编号*', '名称*', '类别*'])
    const looked = await read('look', bytes)
    expect(looked.unknownColumns).toEqual([])
    expect(looked.problems.filter(({ message }) => message.zh !== '必填').map(({ column, value }) => ({ column, value }))).toEqual([])
  })

  it('answers a file that is none, is a bomb, or has too many rows', async () => {
    await expect(read('look', Buffer.from('编号,名称\n1,2'))).rejects.toThrow(/不是 Excel 文件/)
    await expect(read('look', Buffer.alloc(5_000_001))).rejects.toThrow(/超过 5 MB/)
    await expect(read('look', zipOf('xl/worksheets/sheet1.xml', deflateRawSync(Buffer.alloc(1000)), 300_000_000))).rejects.toThrow(
      /超过 5 MB/,
    )
    await expect(read('look', zipOf('hello.txt', deflateRawSync(Buffer.from('hello')), 5))).rejects.toThrow(/不是 Excel 文件/)
    const rows = Array.from({ length: IMPORT_MAX_ROWS + 1 }, (_, index) => [`A-${index}`])
    await expect(read('look', await xlsx([['资产编号'], ...rows]))).rejects.toThrow(/超过 5000 行/)
  })
})

/** A ZIP with one file that claims this size unpacked. */
function zipOf(name: string, packed: Buffer, claimedBytes: number): Buffer {
  const local = Buffer.alloc(30)
  local.writeUInt32LE(0x04034b50, 0)
  local.writeUInt16LE(8, 8)
  local.writeUInt32LE(packed.length, 18)
  local.writeUInt32LE(claimedBytes, 22)
  local.writeUInt16LE(name.length, 26)
  const entry = Buffer.alloc(46)
  entry.writeUInt32LE(0x02014b50, 0)
  entry.writeUInt16LE(8, 10)
  entry.writeUInt32LE(packed.length, 20)
  entry.writeUInt32LE(claimedBytes, 24)
  entry.writeUInt16LE(name.length, 28)
  const start = local.length + name.length + packed.length
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(1, 8)
  end.writeUInt16LE(1, 10)
  end.writeUInt32LE(entry.length + name.length, 12)
  end.writeUInt32LE(start, 16)
  return Buffer.concat([local, Buffer.from(name), packed, entry, Buffer.from(name), end])
}
