import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openReadingLog } from './index.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roomkeeper-log-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const open = () =>
  openReadingLog({
    folder,
    maxBytes: 1e9,
    maxAgeMs: 1e12,
    clock: { nowMs: () => 0 },
    events: { onLoss: () => expect.fail('nothing is lost'), onDamage: () => undefined, onWarning: () => undefined },
  })
const scan = { device: 'd', timeMs: 0, readings: [] }

it('does not call reserved offsets lost when it was killed while it was empty', async () => {
  const before = await open()
  for (let i = 0; i < 3; i++) await before.append(scan)
  await before.commit(3)
  await before.close()
  // As a kill leaves it after a commit that emptied it: no segment, and more offsets reserved than used.
  await rm(join(folder, '0000000000000001.rklog'))
  await writeFile(join(folder, 'identity.json'), JSON.stringify({ epoch: before.epoch, reservedThrough: 1000, bootId: 'other' }))

  const after = await open()
  expect(after).toMatchObject({ firstOffset: 4, nextOffset: 1001, committedOffset: 3, backlog: 0 })
  expect(await after.append(scan)).toEqual({ offset: 1001, previousOffset: 3 })
  expect(after.firstOffset).toBe(4)
  const read = []
  for await (const batch of after.readFrom(4)) read.push(...batch.map(({ offset }) => offset))
  expect(read).toEqual([1001])
  await after.close()
  const again = await open()
  expect(again).toMatchObject({ firstOffset: 4, nextOffset: 1002 })
  await again.close()
})
