import { DataType, DEVICE_INFO, METRIC, type Metric, PROPERTY } from '@roomkeeper/shared/sparkplug'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openDatabase } from '../database/database.ts'
import type { Db } from '../database/schema.ts'
import { createRoom } from '../rooms/create-room.ts'
import { type BirthDependencies, registerDevice, registerNode } from './births.ts'
import { Directory } from './directory.ts'

const info = (name: string, properties: Metric['properties'] = {}): Metric => ({
  name: DEVICE_INFO,
  alias: 1,
  datatype: DataType.String,
  value: name,
  properties,
})
const temperature = (properties: Metric['properties'] = {}): Metric => ({
  name: 'temperature',
  alias: 3,
  datatype: DataType.Double,
  value: 21,
  properties: { [PROPERTY.kind]: 'temperature', [PROPERTY.unit]: 'Cel', [PROPERTY.intervalMs]: 5000, ...properties },
})

describe('births', () => {
  let db: Db
  let directory: Directory
  let dependencies: BirthDependencies

  beforeEach(async () => {
    db = await openDatabase(':memory:')
    directory = new Directory(db)
    dependencies = { db, directory, clock: { nowMs: () => 1000 }, createRoom }
  })
  afterEach(() => db.destroy())

  const birth = async (metrics: readonly Metric[]) => registerDevice(dependencies, await registerNode(dependencies, 's', 'n'), 'd', metrics)
  const changes = async (): Promise<number> => (await db.selectFrom('audit').select('seq').execute()).length

  it('make a new device appear by itself, in the room it proposes, with default limits', async () => {
    const device = await birth([info('温湿度', { [PROPERTY.maker]: 'ACME', [PROPERTY.room]: 'UPS 间' }), temperature()])
    expect(device).toMatchObject({ name: '温湿度', maker: 'ACME', room: { site: 's', name: 'UPS 间' } })
    const point = device.points.get('temperature')
    expect(point).toMatchObject({ kind: 'temperature', unit: 'Cel', intervalMs: 5000 })
    expect(point?.limits.map(({ condition }) => condition)).toContain('high')
    const reloaded = new Directory(db)
    await reloaded.load()
    expect(reloaded.devices.get(device.id)?.points.get('temperature')?.kind).toBe('temperature')
  })

  it('keep objects and write nothing when nothing changed', async () => {
    const first = await birth([info('a'), temperature()])
    const before = await changes()
    const again = await birth([info('a'), temperature()])
    expect(again).toBe(first)
    expect(await changes()).toBe(before)
  })

  it('take over what the agent changed, and the points it added', async () => {
    const device = await birth([info('a'), temperature()])
    const point = device.points.get('temperature')
    await birth([info('b', { [PROPERTY.model]: 'X' }), temperature({ [PROPERTY.high]: 60 }), { ...temperature(), name: 'second' }])
    expect(device).toMatchObject({ name: 'b', model: 'X' })
    expect(device.points.get('temperature')).toBe(point)
    expect(point?.high).toBe(60)
    expect([...device.points.keys()]).toEqual(['temperature', 'second'])
  })

  it('keep names in both languages, and take over a changed one', async () => {
    const named = (nameEn: string, pointNameEn: string) =>
      birth([
        info('温湿度', { [PROPERTY.nameEn]: nameEn }),
        temperature({ [PROPERTY.nameZh]: '进风', [PROPERTY.nameEn]: pointNameEn }),
        { ...temperature({ [PROPERTY.nameEn]: 'Only English' }), name: 'second' },
        { ...temperature(), name: 'third' },
      ])
    const device = await named('Probe', 'Supply air')
    expect(device).toMatchObject({ name: '温湿度', nameEn: 'Probe' })
    expect([...device.points.values()].map(({ name, nameEn }) => [name, nameEn])).toEqual([
      ['进风', 'Supply air'],
      ['Only English', 'Only English'],
      ['', ''],
    ])
    await named('Probe 2', 'Supply air')
    expect(device.nameEn).toBe('Probe 2')
    await named('Probe 2', 'Inlet')
    expect(device.points.get('temperature')?.nameEn).toBe('Inlet')
    const reloaded = new Directory(db)
    await reloaded.load()
    expect(reloaded.devices.get(device.id)).toMatchObject({ name: '温湿度', nameEn: 'Probe 2' })
    expect(reloaded.devices.get(device.id)?.points.get('temperature')?.nameEn).toBe('Inlet')
  })

  it('leave names that people gave', async () => {
    const english = (nameEn: string) => ({ [PROPERTY.nameEn]: nameEn })
    const device = await birth([info('a', english('A')), temperature({ [PROPERTY.nameZh]: '温度', ...english('Temperature') })])
    await db.updateTable('device').set({ name: '三号机房温湿度', nameEn: '', nameByPerson: 1 }).where('id', '=', device.id).execute()
    await directory.reloadDevice(device.id)
    const pointId = device.points.get('temperature')?.id as number
    await db.updateTable('point').set({ name: '冷通道', nameEn: '', nameByPerson: 1 }).where('id', '=', pointId).execute()
    await directory.reloadPoint(pointId)
    await birth([
      info('b', { [PROPERTY.model]: 'X', ...english('B') }),
      temperature({ [PROPERTY.nameZh]: '温度 2', ...english('Temperature 2'), [PROPERTY.low]: -10 }),
    ])
    expect(device).toMatchObject({ name: '三号机房温湿度', nameEn: '', model: 'X' })
    expect(device.points.get('temperature')).toMatchObject({ name: '冷通道', nameEn: '', low: -10 })
    const row = await db.selectFrom('point').select(['name', 'nameEn']).where('id', '=', pointId).executeTakeFirst()
    expect(row).toEqual({ name: '冷通道', nameEn: '' })
  })

  it('make no points of the log’s own metrics, and take unknown kinds by their type', async () => {
    const offsets = [METRIC.logOffset, METRIC.logPreviousOffset].map((name) => ({ name, datatype: DataType.Int64, value: null }))
    const device = await birth([
      info('a'),
      ...offsets,
      { name: 'odd', datatype: DataType.Double, value: 1, properties: { [PROPERTY.kind]: 'not-known-yet' } },
      { name: 'flag', datatype: DataType.Boolean, value: true },
      { name: 'word', datatype: DataType.String, value: 'x' },
    ])
    expect([...device.points.values()].map(({ key, kind }) => [key, kind])).toEqual([
      ['odd', 'number'],
      ['flag', 'contact'],
      ['word', 'text'],
    ])
  })
})
