import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Actor } from '../../server/src/api/base.ts'
import { describeEachDatabase } from '../kit/each-database.ts'
import { type RecordsApp, START_MS, startRecordsApp } from '../kit/records-app.ts'

const HOUR_MS = 3_600_000

describeEachDatabase('limits on a chart', (newDatabase) => {
  let app: RecordsApp
  let keeper: Actor
  let pointId: number
  const limits = (fromMs: number, toMs: number, pointIds = String(pointId)) => app.as(keeper).history.limits({ pointIds, fromMs, toMs })

  beforeAll(async () => {
    app = await startRecordsApp(await newDatabase())
    pointId = await app.addPoint(await app.addDevice(await app.addRoom('主机房'), 'probe1'), 'temperature', 'temperature', 'Cel')
    keeper = await app.addPerson('keeper', ['room-keeper'])
    app.clock.set(START_MS + HOUR_MS)
    const high = { condition: 'high', value: 25, deadband: 0.5, onDelayMs: 0, offDelayMs: 0, priority: 'high', enabled: true } as const
    await app.as(keeper).limits.putSet({ target: { scope: 'point', pointId }, limits: [high], reason: '夏季', basedOn: 0 })
  })
  afterAll(async () => app.stop())

  it('are those of their time: built-in before people set any, and one side only where they set one', async () => {
    expect(await limits(START_MS, START_MS + 2 * HOUR_MS)).toEqual([
      {
        pointId,
        changes: [
          { fromMs: START_MS, low: 18, high: 27 },
          { fromMs: START_MS + HOUR_MS, low: null, high: 25 },
        ],
      },
    ])
  })

  it('are refused for a point that is not there and a range that ends before it begins', async () => {
    await expect(limits(START_MS, START_MS + HOUR_MS, '9999')).rejects.toThrow('没有测点 9999')
    await expect(limits(START_MS, START_MS - 1)).rejects.toThrow('结束时间须晚于开始时间')
  })
})
