import { expect, it } from 'vitest'
import { pointsOf } from './variables.ts'

function nominalOf(key: string, variables: Record<string, string>): number | undefined {
  return pointsOf(new Map(Object.entries(variables))).find((point) => point.key === key)?.nominal
}

it.each<[string, string, Record<string, string>, number | undefined]>([
  ['said', 'input.voltage', { 'input.voltage': '118.4', 'input.voltage.nominal': '120' }, 120],
  ['said of the output, and for it', 'output.voltage', { 'output.voltage': '208', 'output.voltage.nominal': '208' }, 208],
  ['said of the output only', 'input.voltage', { 'input.voltage': '232', 'output.voltage.nominal': '230' }, 230],
  ['said of the UPS', 'output.voltage', { 'output.voltage': '199.7', 'ups.voltage.nominal': '204' }, 204],
  ['said, and dead now', 'input.voltage', { 'input.voltage': '0.0', 'input.voltage.nominal': '230' }, 230],
  ['said of a DC system', 'output.voltage', { 'output.voltage': '24.3', 'output.voltage.nominal': '24' }, 24],
  ['said, and wrong', 'input.voltage', { 'input.voltage': '240', 'input.voltage.nominal': '112' }, undefined],
  ['set to another country', 'input.voltage', { 'input.voltage': '121', 'input.voltage.nominal': '100', 'input.frequency': '60' }, 120],
  ['not said', 'input.voltage', { 'input.voltage': '231' }, undefined],
  ['not said, 60 Hz', 'input.voltage', { 'input.voltage': '117', 'input.frequency': '60.0' }, 120],
  ['not said, 60 Hz and 220 V', 'input.voltage', { 'input.voltage': '219', 'input.frequency': '60.0' }, undefined],
  ['not said, transfer at 139 V', 'input.voltage', { 'input.voltage': '119', 'input.transfer.high': '139' }, 120],
  ['a sag at 50 Hz is no other country', 'input.voltage', { 'input.voltage': '119', 'input.frequency': '50.0' }, undefined],
  ['not said, DC', 'output.voltage', { 'ups.status': 'OL', 'output.voltage': '24.1' }, 24],
  ['not said, the input of DC', 'input.voltage', { 'ups.status': 'OL', 'input.voltage': '49.6', 'output.voltage': '53.5' }, 48],
  ['not said, a power supply', 'ups.voltage', { 'ups.status': 'OL', 'ups.voltage': '12.1' }, 12],
  ['a dead line’s rest', 'input.voltage', { 'ups.status': 'OB', 'input.voltage': '16.9', 'output.voltage': '229' }, undefined],
  ['the rest of an output that is off', 'output.voltage', { 'ups.status': 'OFF', 'output.voltage': '12.4' }, undefined],
  ['between lines', 'input.L1-L2.voltage', { 'input.L1-L2.voltage': '402', 'input.voltage.nominal': '230' }, 398],
  ['a phase of what is said between lines', 'input.L1-N.voltage', { 'input.L1-N.voltage': '121', 'input.voltage.nominal': '208' }, 120],
  ['a phase', 'output.L1-N.voltage', { 'output.L1-N.voltage': '229', 'output.voltage.nominal': '230' }, 230],
  ['of the chain', 'device.2.input.voltage', { 'device.2.input.voltage': '121', 'device.2.input.voltage.nominal': '120' }, 120],
  ['60 Hz', 'input.frequency', { 'input.frequency': '59.7' }, 60],
  ['50 Hz, whatever is said', 'input.frequency', { 'input.frequency': '50.0', 'input.frequency.nominal': '55' }, 50],
  ['a dead line of 60 Hz', 'input.frequency', { 'input.frequency': '0.0', 'input.frequency.nominal': '60' }, 60],
  ['a frequency of no network', 'input.frequency', { 'input.frequency': '5.9' }, undefined],
  ['not of a battery', 'battery.voltage', { 'battery.voltage': '27', 'input.voltage.nominal': '24' }, undefined],
])('knows what a line is built for: %s', (_name, key, variables, nominal) => {
  expect(nominalOf(key, variables)).toBe(nominal)
})
