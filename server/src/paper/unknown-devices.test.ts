import { describe, expect, it } from 'vitest'
import { decideUnknownDevices, type UnknownDeviceState } from './unknown-devices.ts'

const NOW_MS = 10_000
type Device = UnknownDeviceState['devices'][number]
const device = (more: Partial<Device>): Device => ({ id: 1, roomId: 7, bornAtMs: 100, commissionedAtMs: null, retiredAtMs: null, ...more })
const known = device({ id: 9, commissionedAtMs: 200 })
const decide = (devices: Device[], alarms: UnknownDeviceState['alarms'] = []) =>
  decideUnknownDevices({ devices, alarms }, NOW_MS).map(({ kind, deviceId, atMs }) => `${kind} ${deviceId} ${atMs}`)

describe('a device that nobody knows', () => {
  it.each([
    ['while no device was ever confirmed', [device({}), device({ id: 2, bornAtMs: 5000 })], []],
    ['born before the first was confirmed', [known, device({})], []],
    ['born afterwards', [known, device({ bornAtMs: 300 })], ['raise 1 300']],
    ['and confirmed', [known, device({ bornAtMs: 300, commissionedAtMs: 400 })], []],
    ['and retired', [known, device({ bornAtMs: 300, retiredAtMs: 400 })], []],
  ])('%s', (_when, devices, expected) => {
    expect(decide(devices)).toEqual(expected)
  })

  it('is told once, clears when it is confirmed or retired, and is told again when it comes back', () => {
    const standing = [{ deviceId: 1, active: true, lastEventAtMs: 300 }]
    expect(decide([known, device({ bornAtMs: 300 })], standing)).toEqual([])
    expect(decide([known, device({ bornAtMs: 300, commissionedAtMs: 500 })], standing)).toEqual(['clear 1 10000'])
    expect(decide([known, device({ bornAtMs: 300, retiredAtMs: 500 })], standing)).toEqual(['clear 1 10000'])
    expect(decide([known, device({ bornAtMs: 300 })], [{ deviceId: 1, active: false, lastEventAtMs: 20_000 }])).toEqual(['raise 1 20001'])
  })
})
