import { describe, expect, it } from 'vitest'
import { pointsOf, readingOf } from './variables.ts'

/** Why the variable's reading is bad, undefined when it is good; the others are what the device says beside it. */
function reasonOf(key: string, variables: Record<string, string>): string | undefined {
  const map = new Map(Object.entries(variables))
  const point = pointsOf(map).find((one) => one.key === key) ?? expect.fail(`no point ${key}`)
  const { bad, value } = readingOf(point, map)
  return bad ?? (point.sentinels?.includes(value as number) ? 'sentinel' : undefined)
}

type Case = [name: string, key: string, value: string, beside: Record<string, string>, reason: string | undefined]

describe('a number that was not measured', () => {
  it.each<Case>([
    ['live input, by its frequency', 'input.voltage', '0.0', { 'ups.status': 'OL CHRG', 'input.frequency': '50.1' }, 'sentinel'],
    ['dead mains', 'input.voltage', '0.0', { 'ups.status': 'OB DISCHRG', 'input.frequency': '0.0' }, undefined],
    ['dead mains, inverter frequency', 'input.voltage', '0', { 'ups.status': 'OB', 'input.frequency': '50.0' }, undefined],
    ['dead mains that the UPS does not tell', 'input.voltage', '0', { 'ups.status': 'OL' }, undefined],
    ['a dead phase', 'input.L2-N.voltage', '0', { 'ups.status': 'OL', 'input.frequency': '50.0' }, undefined],
    ['a dead bypass', 'input.bypass.voltage', '0', { 'ups.status': 'OL', 'input.frequency': '50.0' }, undefined],
    ['output with a load', 'output.voltage', '0', { 'ups.status': 'OL', 'ups.load': '52' }, 'sentinel'],
    ['output with a current, on battery', 'output.voltage', '0.0', { 'ups.status': 'OB', 'output.current': '0.4' }, 'sentinel'],
    ['output that is off', 'output.voltage', '0.0', { 'ups.status': 'OFF', 'ups.load': '0' }, undefined],
    ['output that is off, with the load of before', 'output.voltage', '0', { 'ups.status': 'OL OFF', 'ups.load': '7' }, undefined],
    ['output without load', 'output.voltage', '0', { 'ups.status': 'OL', 'ups.load': '0' }, undefined],
    ['an outlet that is off', 'outlet.3.voltage', '0', { 'ups.status': 'OL', 'ups.load': '30' }, undefined],
    ['100 V', 'output.voltage', '101.2', { 'ups.status': 'OL', 'ups.load': '30' }, undefined],
  ])('voltage: %s', (_name, key, value, beside, reason) => {
    expect(reasonOf(key, { ...beside, [key]: value })).toBe(reason)
  })

  it.each<Case>([
    ['a tenth of 50 Hz', 'output.frequency', '5.0', {}, 'out-of-range'],
    ['0 Hz beside a voltage', 'output.frequency', '0.0', { 'output.voltage': '229' }, 'sentinel'],
    ['0 Hz of dead mains', 'input.frequency', '0.0', { 'input.voltage': '0' }, undefined],
    ['60 Hz', 'input.frequency', '59.8', {}, undefined],
    ['a generator that runs slow', 'input.frequency', '44.1', {}, undefined],
  ])('frequency: %s', (_name, key, value, beside, reason) => {
    expect(reasonOf(key, { ...beside, [key]: value })).toBe(reason)
  })

  it.each<Case>([
    ['no sensor inside', 'ups.temperature', '0.0', {}, 'sentinel'],
    ['no sensor at the battery', 'battery.temperature', '000', {}, 'sentinel'],
    ['a cold battery', 'battery.temperature', '-2.5', {}, undefined],
    ['a room at freezing point', 'ambient.temperature', '0.0', { 'ambient.humidity': '55' }, undefined],
  ])('temperature: %s', (_name, key, value, beside, reason) => {
    expect(reasonOf(key, { ...beside, [key]: value })).toBe(reason)
  })

  const CONTENT = { 'ups.status': 'OL', 'battery.charge': '100' }
  it.each<Case>([
    ['runtime 0 of a full battery', 'battery.runtime', '0', CONTENT, 'sentinel'],
    ['runtime of 16 bits', 'battery.runtime', '65535', CONTENT, 'sentinel'],
    ['runtime of 999 minutes', 'battery.runtime', '59940', CONTENT, undefined],
    ['runtime 0 at the end', 'battery.runtime', '0', { 'ups.status': 'OB LB', 'battery.charge': '60' }, undefined],
    ['runtime 0 of a battery that is dead', 'battery.runtime', '0', { 'ups.status': 'OL RB', 'battery.charge': '100' }, undefined],
    ['runtime 0 under a heavy load', 'battery.runtime', '0', { ...CONTENT, 'ups.load': '85' }, undefined],
    ['a battery that was taken out', 'battery.charge', '0', { 'ups.status': 'OL', 'battery.voltage': '0' }, undefined],
    ['runtime 0 after a power cut', 'battery.runtime', '0', { 'ups.status': 'OL CHRG', 'battery.charge': '4' }, undefined],
    ['a full battery of 0 V', 'battery.voltage', '0.0', CONTENT, 'sentinel'],
    ['a full battery of 1 V', 'battery.voltage', '1.0', CONTENT, 'contradiction'],
    ['a full battery, by its cell', 'battery.voltage', '2.27', CONTENT, undefined],
    ['a full battery of many blocks', 'battery.voltage', '540.3', CONTENT, undefined],
    ['a battery that is not there, and said so', 'battery.voltage', '0', { 'ups.status': 'OL RB', 'battery.charge': '0' }, undefined],
  ])('battery: %s', (_name, key, value, beside, reason) => {
    expect(reasonOf(key, { ...beside, [key]: value })).toBe(reason)
  })

  it.each<Case>([
    ['apparent power under load', 'ups.power', '0.0', { 'ups.status': 'OL', 'ups.load': '24' }, 'sentinel'],
    ['power without load', 'ups.realpower', '0', { 'ups.status': 'OL', 'ups.load': '0' }, undefined],
    ['power of one phase', 'ups.L1.realpower', '0', { 'ups.status': 'OL', 'ups.load': '24' }, undefined],
    ['current under load', 'output.current', '0.0', { 'ups.status': 'OL', 'ups.load': '45' }, 'sentinel'],
    ['current below its last digit', 'output.current', '0', { 'ups.status': 'OL', 'ups.load': '9' }, undefined],
    ['a resting battery', 'battery.current', '0.0', { 'ups.status': 'OL', 'ups.load': '45' }, undefined],
    ['an overload', 'ups.load', '112', { 'ups.status': 'OL OVER' }, undefined],
  ])('flow: %s', (_name, key, value, beside, reason) => {
    expect(reasonOf(key, { ...beside, [key]: value })).toBe(reason)
  })

  it('is judged by the device of the chain that it belongs to', () => {
    const chain = { 'ups.status': 'OL', 'ups.load': '30', 'device.2.ups.status': 'OFF', 'device.2.ups.load': '0' }
    expect(reasonOf('device.2.output.voltage', { ...chain, 'device.2.output.voltage': '0' })).toBeUndefined()
    expect(reasonOf('output.voltage', { ...chain, 'output.voltage': '0' })).toBe('sentinel')
  })
})
