/** Moist-air arithmetic for the simulated room. Pressure is taken as one standard atmosphere. */

/** hPa. */
const STANDARD_PRESSURE_HPA = 1013.25
/** Ratio of the molar masses of water and dry air: 18.015 / 28.964. */
const MOLAR_MASS_RATIO = 0.622

/**
 * Saturation vapour pressure over water in hPa at a temperature in °C.
 * Magnus formula with the constants of WMO-No. 8 (CIMO guide), annex 4.B: 6.112 hPa, 17.62, 243.12 °C.
 */
export function saturationPressureHpa(temperatureCelsius: number): number {
  return 6.112 * Math.exp((17.62 * temperatureCelsius) / (243.12 + temperatureCelsius))
}

/** Kilograms of water per kilogram of dry air at a temperature (°C) and relative humidity (%). */
export function humidityRatio(temperatureCelsius: number, relativeHumidityPercent: number): number {
  const vapourHpa = (saturationPressureHpa(temperatureCelsius) * relativeHumidityPercent) / 100
  return (MOLAR_MASS_RATIO * vapourHpa) / (STANDARD_PRESSURE_HPA - vapourHpa)
}

/** Relative humidity (%, at most 100) of air that holds `ratio` kilograms of water per kilogram, at a temperature in °C. */
export function relativeHumidityPercent(temperatureCelsius: number, ratio: number): number {
  const vapourHpa = (ratio * STANDARD_PRESSURE_HPA) / (MOLAR_MASS_RATIO + ratio)
  return Math.min(100, (100 * vapourHpa) / saturationPressureHpa(temperatureCelsius))
}
