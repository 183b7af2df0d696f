import type { RawReading } from '../driver.ts'
import type { ActiveScenario, ActiveScenarios } from './scenarios.ts'

/** What a DS18B20 gives after a reset instead of a measurement, °C. */
const POWER_ON_CELSIUS = 85
/** A jump that no room makes: 34 °C, for 3 s of every 15 (as in Mycodo #404). */
const JUMP_KELVIN = 34
const JUMP_EVERY_SECONDS = 15
const JUMP_FOR_SECONDS = 3

/** Whether the whole environment unit is silent by now. */
export function isSilent({ 'sensor-dies': dies }: ActiveScenarios, modelSeconds: number): boolean {
  return dies !== undefined && modelSeconds - dies.sinceSeconds >= dies.deviceSilentAfterSeconds
}

/**
 * Applies what is wrong with the probes of an environment unit to its readings. `frozen` holds what a frozen probe repeats and lives as
 * long as the device is open.
 */
export function withSensorFaults(
  readings: readonly RawReading[],
  scenarios: ActiveScenarios,
  modelSeconds: number,
  frozen: Map<string, RawReading>,
): RawReading[] {
  const dies = scenarios['sensor-dies']
  const lies = scenarios['sensor-lies']
  if (lies?.lie !== 'frozen') frozen.clear()
  const firstKey = readings[0]?.key ?? ''
  return readings.map((reading) => {
    if (dies && concerns(dies, reading.key, firstKey)) return { key: reading.key, value: null, bad: 'sensor-error' }
    if (lies && concerns(lies, reading.key, firstKey)) return lie(reading, lies, modelSeconds, frozen)
    return reading
  })
}

/** Whether a scenario means the probe a key belongs to: keys are `<probe>-temperature` and `<probe>-humidity`. */
function concerns(scenario: ActiveScenario, key: string, firstKey: string): boolean {
  return probeOf(key) === (scenario.probe ?? probeOf(firstKey))
}

function probeOf(key: string): string {
  return key.slice(0, key.lastIndexOf('-'))
}

function lie(reading: RawReading, scenario: ActiveScenario, modelSeconds: number, frozen: Map<string, RawReading>): RawReading {
  if (scenario.lie === 'frozen') {
    const held = frozen.get(reading.key) ?? reading
    frozen.set(reading.key, held)
    return held
  }
  // The other lies are those of a thermometer; its humidity stays true.
  if (!reading.key.endsWith('-temperature') || typeof reading.value !== 'number') return reading
  if (scenario.lie === 'power-on-value') return { ...reading, value: POWER_ON_CELSIUS }
  const jumps = (modelSeconds - scenario.sinceSeconds) % JUMP_EVERY_SECONDS < JUMP_FOR_SECONDS
  return jumps ? { ...reading, value: reading.value + JUMP_KELVIN } : reading
}
