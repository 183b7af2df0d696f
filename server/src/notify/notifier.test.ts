import pino from 'pino'
import { expect, it, vi } from 'vitest'
import { openDatabase } from '../database/database.ts'
import { Notifier } from './notifier.ts'

it('brings a beacon to what the alarms want as soon as its device is there again', async () => {
  const db = await openDatabase(':memory:')
  const settingsJson = JSON.stringify({ deviceId: 7, key: 'beacon', minPriority: 'high', until: 'acknowledged', roomIds: [] })
  const channel = { kind: 'relay', label: 'beacon', enabled: 1, minPriority: 'high', settingsJson, revision: 0, changedAtMs: 1 }
  await db
    .insertInto('channel')
    .values({ ...channel, removedAtMs: null })
    .execute()
  const place = { roomId: null, deviceId: null, pointId: null }
  const alarm = { source: 'node', sourceId: 1, condition: 'node-offline', priority: 'high', state: 'UNACK', active: 1, late: 0, ...place }
  await db
    .insertInto('alarm')
    .values({ ...alarm, valueJson: 'null', limitJson: 'null', raisedAtMs: 1, recordedAtMs: 1, lastEventAtMs: 1 })
    .execute()
  let isOnline = false
  const output = vi.fn(() => ({ value: false, isOnline }))
  const switchOutput = vi.fn(async () => 'on')
  const notifier = new Notifier({
    db,
    clock: { nowMs: () => 1000 },
    log: pino({ level: 'silent' }),
    kinds: new Map(),
    urlOf: () => undefined,
    alarms: { submit: () => undefined, acknowledge: async () => undefined },
    outputs: { output, switchOutput },
    change: () => undefined,
  })
  const points = (isWritable: boolean) => ({ points: new Map([['beacon', { isWritable }]]) }) as never
  notifier.outputsAreBack(points(true))
  await vi.waitFor(() => expect(output).toHaveBeenCalled())
  expect(switchOutput).not.toHaveBeenCalled()
  isOnline = true
  notifier.outputsAreBack(points(false))
  notifier.outputsAreBack(points(true))
  await vi.waitFor(() => expect(switchOutput).toHaveBeenCalledWith(7, 'beacon', true, expect.anything()))
  await notifier.stop()
  await db.destroy()
})
