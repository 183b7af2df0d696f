import { api } from './base.ts'

/** Schedules, holidays, the calendar and its feeds. */
export function createScheduleHandlers() {
  const { schedules } = api
  return {
    list: schedules.list.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    add: schedules.add.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    change: schedules.change.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    pause: schedules.pause.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    holidays: schedules.holidays.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    setHolidays: schedules.setHolidays.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    calendar: schedules.calendar.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    feeds: schedules.feeds.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    addFeed: schedules.addFeed.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
    removeFeed: schedules.removeFeed.handler(({ errors }) => {
      throw errors.UNAVAILABLE()
    }),
  }
}
