/**
 * How a room warms once its heat is no longer carried out: two lumped heat capacities, the air (fast) and what stands in it (slow), and a
 * loss through the walls. The answer to a step of heat is the sum of two exponentials: in the first minutes a·(1 − e^(−t/τ)) + b·t, as one
 * sees it on paper, and after that bent down by the walls. The bend is why the plain a, τ, b form is not used: fitted to gaps of a few minutes
 * its straight line reaches the limit too early, and it has no answer when a limit is never reached.
 */
export interface RoomShape {
  /** Time constant of the air against the mass, s. */
  fastSeconds: number
  /** The air's share of both heat capacities, 0..1: the later slope against the slope of the first seconds. */
  airShare: number
  /** Both capacities against the walls, s. */
  wallSeconds: number
}

/** Both exponentials: rates, 1/s, and parts in the first second's slope (the parts are 1 together). */
export interface Exponentials {
  fast: number
  slow: number
  fastPart: number
  slowPart: number
}

export function exponentials({ fastSeconds, airShare, wallSeconds }: RoomShape): Exponentials {
  const massRate = airShare / (1 - airShare) / fastSeconds
  const wallRate = 1 / (airShare * wallSeconds)
  const sum = 1 / fastSeconds + wallRate + massRate
  const product = wallRate * massRate
  const fast = (sum + Math.sqrt(sum * sum - 4 * product)) / 2
  const slow = product / fast
  const fastPart = (massRate - fast) / (slow - fast)
  return { fast, slow, fastPart, slowPart: 1 - fastPart }
}

/** Rise after a step of heat that gives a first second's slope of 1 K/s, K. */
export function unitRise({ fast, slow, fastPart, slowPart }: Exponentials, seconds: number): number {
  return (fastPart * (1 - Math.exp(-fast * seconds))) / fast + (slowPart * (1 - Math.exp(-slow * seconds))) / slow
}

/** Rise after heat that gives a first second's slope of 1 K/s at first and dies away with a time constant of `fadeSeconds`, K. */
export function fadingRise({ fast, slow, fastPart, slowPart }: Exponentials, seconds: number, fadeSeconds: number): number {
  const fade = 1 / fadeSeconds
  const faded = Math.exp(-fade * seconds)
  const component = (rate: number, part: number) => {
    // Both rates alike: a hair apart, instead of a formula of its own.
    const apart = Math.abs(rate - fade) < 1e-6 * fade ? 1e-6 * fade : rate - fade
    return (part * (faded - Math.exp(-(fade + apart) * seconds))) / apart
  }
  return component(fast, fastPart) + component(slow, slowPart)
}
