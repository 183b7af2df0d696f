import type { PointDescription } from '../drivers/driver.ts'
import type { Reading } from '../log/index.ts'
import { bad, judgeValue } from './validity.ts'

/** Magnus formula over water, −45…60 °C: WMO Guide No. 8 (CIMO), after Sonntag 1990. */
const A = 17.62
const B_CELSIUS = 243.12

/** Dew point in °C of air at a temperature in °C and a relative humidity in % (above 0). */
export function dewPointCelsius(temperatureCelsius: number, humidityPercent: number): number {
  const gamma = (A * temperatureCelsius) / (B_CELSIUS + temperatureCelsius) + Math.log(humidityPercent / 100)
  return (B_CELSIUS * gamma) / (A - gamma)
}

/** A dew point that the agent computes, since the device does not give it. */
export interface DerivedDewPoint {
  point: PointDescription
  temperatureKey: string
  humidityKey: string
}

const WORD = /temperature|temp|humidity|hum|rh/i
/** What is left of a key without the quantity: points with the same rest belong to one probe. */
const restOf = (key: string): string => key.replace(WORD, '*')

/** Pairs temperatures with humidities: the only one of each, or those whose keys differ in nothing but the quantity. */
export function derivedDewPoints(points: readonly PointDescription[]): DerivedDewPoint[] {
  const temperatures = points.filter((point) => point.kind === 'temperature')
  const humidities = points.filter((point) => point.kind === 'humidity')
  const existing = points.filter((point) => point.kind === 'dew-point')
  if (temperatures.length === 1 && humidities.length === 1) {
    return existing.length > 0 ? [] : [derived('dew-point', temperatures[0] as PointDescription, humidities[0] as PointDescription)]
  }
  return humidities.flatMap((humidity) => {
    if (!WORD.test(humidity.key)) return []
    const partners = temperatures.filter((temperature) => WORD.test(temperature.key) && restOf(temperature.key) === restOf(humidity.key))
    const key = humidity.key.replace(WORD, 'dew-point')
    const isTaken =
      points.some((point) => point.key === key) ||
      existing.some((point) => point.key.replace(/dew[-_. ]?point/i, '*') === restOf(humidity.key))
    return partners.length === 1 && !isTaken ? [derived(key, partners[0] as PointDescription, humidity)] : []
  })
}

function derived(key: string, temperature: PointDescription, humidity: PointDescription): DerivedDewPoint {
  const { name } = temperature
  const point: PointDescription = { key, kind: 'dew-point', unit: 'Cel' }
  const withinMs = Math.max(temperature.reportsWithinMs ?? 0, humidity.reportsWithinMs ?? 0)
  if (withinMs > 0) point.reportsWithinMs = withinMs
  if (name) point.name = { zh: renamed(name.zh, /温度/, '露点'), en: renamed(name.en, /temperature/i, 'dew point') }
  return { point, temperatureKey: temperature.key, humidityKey: humidity.key }
}

function renamed(name: string, word: RegExp, to: string): string {
  if (word.test(name)) return name.replace(word, to)
  return `${name} ${to}`
}

/** Computes a dew point from the readings of one scan; bad when one of its two sources is, or when no air of a room can have it. */
export function deriveDewPoint(dewPoint: DerivedDewPoint, byKey: ReadonlyMap<string, Reading>): Reading {
  const { key } = dewPoint.point
  const temperature = byKey.get(dewPoint.temperatureKey)
  const humidity = byKey.get(dewPoint.humidityKey)
  const reason = temperature?.reason ?? humidity?.reason
  if (reason !== undefined) return bad(key, null, reason)
  if (typeof temperature?.value !== 'number' || typeof humidity?.value !== 'number') return bad(key, null, 'sensor-error')
  const value = dewPointCelsius(temperature.value, humidity.value)
  return judgeValue(dewPoint.point, { key, value: Math.round(value * 100) / 100 })
}
