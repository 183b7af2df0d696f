import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DataType, DEVICE_SETTINGS, decodePayload, encodePayload, METRIC, type Payload } from '@roomkeeper/shared/sparkplug'
import { describe, expect, it } from 'vitest'
import { parseDeviceCommands, parseNodeCommands } from './commands.ts'
import { birthPoints, DeviceBook } from './device-book.ts'
import { takeHostState } from './host-state.ts'
import { AliasTable, deviceBirth, deviceData, nodeDeath } from './payloads.ts'

const json = (value: unknown) => Buffer.from(JSON.stringify(value))

describe('state of the primary host', () => {
  it('ignores older timestamps and what is no state', () => {
    const online = takeHostState(undefined, json({ online: true, timestamp: 100 }))
    expect(online).toEqual({ state: { isOnline: true, timestampMs: 100 }, change: 'online' })
    expect(takeHostState(online.state, json({ online: false, timestamp: 99 }))).toEqual({ state: online.state, change: 'older' })
    expect(takeHostState(online.state, json({ online: false, timestamp: 100 })).change).toBe('offline')
    expect(takeHostState(online.state, json({ online: true, timestamp: 101 })).change).toBe('none')
    expect(takeHostState(undefined, json({ online: false, timestamp: 1 })).change).toBe('none')
    for (const bytes of [Buffer.from('ONLINE'), json(null), json({ online: 1, timestamp: 1 })]) {
      expect(takeHostState(online.state, bytes)).toEqual({ state: online.state, change: 'invalid' })
    }
  })
})

describe('commands', () => {
  const command = (metrics: Record<string, string | number | boolean>): Payload => ({
    timestampMs: 1,
    metrics: Object.entries(metrics).map(([name, value]) => ({ name, value, datatype: DataType.Int64 })),
  })

  it('takes settings and outputs of a device, and nothing else', () => {
    const settings = { intervalMs: 5000, calibrations: { t: { offset: -0.5, atMs: 1, by: '张三' } } }
    const outputs = new Set(['relay.1'])
    expect(parseDeviceCommands(command({ [DEVICE_SETTINGS]: JSON.stringify(settings) }), outputs)).toEqual([{ kind: 'settings', settings }])
    expect(parseDeviceCommands(command({ 'relay.1': true }), outputs)).toEqual([{ kind: 'output', key: 'relay.1', value: true }])
    const byAlias = { timestampMs: 1, metrics: [{ alias: 7, datatype: DataType.Unknown, value: false }] }
    const named = parseDeviceCommands(byAlias, outputs, (alias) => (alias === 7 ? 'relay.1' : undefined))
    expect(named).toEqual([{ kind: 'output', key: 'relay.1', value: false }])
    const wrong = command({ [DEVICE_SETTINGS]: '{"intervalMs":1}', temperature: 20 })
    expect(parseDeviceCommands(wrong, outputs).map(({ kind }) => kind)).toEqual(['refused', 'refused'])
  })

  it('obeys offsets of its own epoch only', () => {
    const commit = { [METRIC.committedOffset]: 5 }
    const ask = { [METRIC.replayFrom]: 3 }
    expect(parseNodeCommands(command({ ...commit, [METRIC.logEpoch]: 'e' }), 'e')).toEqual([{ kind: 'committed', offset: 5 }])
    expect(parseNodeCommands(command({ ...ask, [METRIC.logEpoch]: 'e' }), 'e')).toEqual([{ kind: 'replay', fromOffset: 3 }])
    const refused: Record<string, string | number>[] = [
      { ...commit, [METRIC.logEpoch]: 'x' },
      { ...ask, [METRIC.logEpoch]: 'x' },
      commit,
      { [METRIC.replayFrom]: -1 },
      { [METRIC.replayFrom]: 1.5 },
      { [METRIC.replayFrom]: 'x' },
    ]
    for (const metrics of refused) {
      expect(parseNodeCommands(command(metrics), 'e')).toEqual([expect.objectContaining({ kind: 'refused' })])
    }
    expect(parseNodeCommands(command(ask), undefined)).toEqual([expect.objectContaining({ kind: 'refused' })])
  })

  it('takes a rebirth only when it is true, and ignores the rest', () => {
    expect(parseNodeCommands(command({ [METRIC.rebirth]: true }), undefined)).toEqual([{ kind: 'rebirth' }])
    expect(parseNodeCommands(command({ [METRIC.rebirth]: false, 'Node Control/Reboot': true }), 'e')).toEqual([])
  })
})

describe('payloads', () => {
  it('NDEATH has bdSeq alone, and no seq (tck-id-payloads-ndeath-seq)', () => {
    const payload = decodePayload(encodePayload(nodeDeath(7, 1)))
    expect(payload.seq).toBeUndefined()
    expect(payload.metrics).toEqual([expect.objectContaining({ name: 'bdSeq', value: 7, datatype: DataType.Int64 })])
  })

  it('data carries aliases of the birth, quality and history; a value of another type travels as null', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-book-'))
    try {
      const book = new DeviceBook(folder, (message) => expect.fail(message))
      const points = [
        { key: 't', kind: 'temperature' as const, unit: 'Cel' as const },
        { key: 'leak', kind: 'leak' as const, unit: '1' as const },
        { key: 's', kind: 'ups-status' as const, unit: '1' as const },
      ]
      await book.describe({ id: 'd', name: { zh: '设备', en: 'Device' }, intervalMs: 1000, points })
      const scan = {
        device: 'd',
        timeMs: 42,
        readings: [
          { key: 't', value: 'n/a', quality: 'bad' as const, reason: 'not-a-number' as const },
          { key: 'leak', value: true, quality: 'good' as const },
          { key: 's', value: 'OL', quality: 'good' as const },
        ],
      }
      book.update(scan)
      const device = book.get('d')
      if (device === undefined) throw new Error('the device is not in the book')
      const aliases = new AliasTable()
      const birth = deviceBirth(device, aliases, 50)
      const aliasOf = (name: string) => birth.metrics.find((metric) => metric.name === name)?.alias
      expect(new Set(birth.metrics.map((metric) => metric.alias)).size).toBe(birth.metrics.length)
      expect(birth.metrics.find((metric) => metric.name === 't')).toMatchObject({
        datatype: DataType.Double,
        value: null,
        timestampMs: 42,
        properties: {
          kind: 'temperature',
          engUnit: 'Cel',
          engLow: -40,
          engHigh: 84.9,
          intervalMs: 1000,
          Quality: 0,
          reason: 'not-a-number',
        },
      })
      expect(birth.metrics.find((metric) => metric.name === METRIC.logOffset)?.value).toBeNull()

      const data = deviceData(device, scan, { place: { offset: 9, previousOffset: 4 }, isHistorical: true }, aliases, 60)
      expect(data.metrics.map(({ alias, value, isHistorical, timestampMs }) => [alias, value, isHistorical, timestampMs])).toEqual([
        [aliasOf(METRIC.logOffset), 9, true, 42],
        [aliasOf(METRIC.logPreviousOffset), 4, true, 42],
        [aliasOf('t'), null, true, 42],
        [aliasOf('leak'), true, true, 42],
        [aliasOf('s'), 'OL', true, 42],
      ])
      const live = deviceData(device, scan, { place: { offset: 9, previousOffset: 8 }, isHistorical: false }, aliases, 60)
      expect(live.metrics[0]).toEqual({ alias: aliasOf(METRIC.logOffset), datatype: DataType.Int64, timestampMs: 42, value: 9 })
      expect(live.metrics).toHaveLength(4)
    } finally {
      await rm(folder, { recursive: true })
    }
  })

  it('remembers descriptions over a restart, with the points a device no longer has', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'roomkeeper-book-'))
    try {
      const point = (key: string) => ({ key, kind: 'voltage' as const, unit: 'V' as const })
      const profile = { id: 'd', name: { zh: '设', en: 'D' }, intervalMs: 1000 }
      const first = new DeviceBook(folder, (message) => expect.fail(message))
      await first.describe({ ...profile, points: [point('a'), point('b')] })
      await first.describe({ ...profile, points: [point('a')] })
      const second = new DeviceBook(folder, (message) => expect.fail(message))
      await second.load()
      const scan = { device: 'd', timeMs: 1, readings: [{ key: 'b', value: 1, quality: 'good' as const }] }
      const before = second.get('d')?.version
      const device = second.forReplay(scan)
      expect(device.version).not.toBe(before)
      expect(birthPoints(device)).toEqual([point('a'), point('b')])
      expect(second.forReplay(scan).version).toBe(device.version)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
