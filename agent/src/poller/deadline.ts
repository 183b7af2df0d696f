import { DriverError } from '../drivers/driver.ts'

/** Drivers get this long to settle after their signal was aborted, ms. */
const GRACE_MS = 1000

/**
 * Runs one call of a driver with a deadline. A driver that does not settle is left behind, so that it cannot hold up anything;
 * what it gives later goes to `onLate`. Rejects with a DriverError `unreachable` when the time is over, or with the reason of `stop`.
 */
export async function withDeadline<T>(
  what: string,
  deadlineMs: number,
  stop: AbortSignal,
  call: (signal: AbortSignal) => Promise<T>,
  onLate: (result: T) => void = () => {},
): Promise<T> {
  stop.throwIfAborted()
  const controller = new AbortController()
  const tooLate = new DriverError('unreachable', `${what} did not end within ${deadlineMs} ms`)
  let isLeftBehind = false
  let timer: NodeJS.Timeout | undefined
  let leave: (reason: unknown) => void = () => {}
  const left = new Promise<never>((_resolve, reject) => {
    leave = (reason) => {
      isLeftBehind = true
      reject(reason)
    }
  })
  const onStop = () => {
    controller.abort(stop.reason)
    leave(stop.reason)
  }
  stop.addEventListener('abort', onStop, { once: true })
  timer = setTimeout(() => {
    controller.abort(tooLate)
    timer = setTimeout(() => leave(tooLate), GRACE_MS)
  }, deadlineMs)
  const running = call(controller.signal).then((result) => {
    if (isLeftBehind) onLate(result)
    return result
  })
  running.catch(() => {})
  try {
    return await Promise.race([running, left])
  } catch (error) {
    // A driver that reports its own abort would say only "aborted".
    throw controller.signal.aborted && !stop.aborted && !(error instanceof DriverError) ? tooLate : error
  } finally {
    clearTimeout(timer)
    stop.removeEventListener('abort', onStop)
  }
}
