import type { Driver } from './driver.ts'

/** The only list of drivers. */
export const DRIVERS: readonly Driver[] = []
