/** A difference that no slow timer explains, ms. */
export const JUMP_MS = 5000
const CHECK_MS = 1000

/** Compares the wall clock with the monotonic one every second, and tells jumps of more than 5 s. @returns stops the watch */
export function watchClock(
  clock: { nowMs(): number; monotonicMs(): number },
  onJump: (jumpMs: number) => void,
  checkMs = CHECK_MS,
): () => void {
  let difference = clock.nowMs() - clock.monotonicMs()
  const timer = setInterval(() => {
    const now = clock.nowMs() - clock.monotonicMs()
    const jumpMs = now - difference
    if (Math.abs(jumpMs) > JUMP_MS) onJump(Math.round(jumpMs))
    difference = now
  }, checkMs)
  timer.unref()
  return () => clearInterval(timer)
}
