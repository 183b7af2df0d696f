import { LAST_DAY_OF_MONTH } from '@roomkeeper/shared/http'

/** ISO, 1 = Monday. */
export const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
export const MONTHS = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12] as const
/** The days that every month has, and the last. */
export const DAYS_OF_MONTH: readonly number[] = [...Array.from({ length: 28 }, (_, at) => at + 1), LAST_DAY_OF_MONTH]
