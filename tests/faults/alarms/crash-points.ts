import { setTimeout as sleep } from 'node:timers/promises'
import type { SeededRandom } from '../../kit/random.ts'
import type { FloodLedger } from './flood-ledger.ts'

/** What the moments of a kill are found by. */
export interface CrashScene {
  random: SeededRandom
  ledger: FloodLedger
  /** Records that were sent and are not committed. */
  uncommitted(): number
  /** Resolves when the mail server has the next message; it answers a few ms later. */
  nextMail(): Promise<void>
}

/** How long the mail server has a message before it says so, ms. */
export const ANSWER_AFTER_MS = 4
/** A moment that does not come any more (all has been sent) is replaced by any other. */
const PATIENCE_MS = 4000

/** Where the server is killed: between every two steps on the way from the reading to the noted delivery. */
export const CRASH_POINTS: Readonly<Record<string, (scene: CrashScene) => Promise<unknown>>> = {
  'readings have come, none is committed': (scene) => until(() => scene.uncommitted() > 20),
  'alarms are written, no attempt is made': async ({ ledger }) => {
    const before = ledger.count('outbox')
    await until(() => ledger.count('outbox') > before)
  },
  'an attempt is written down, not made': ({ ledger }) => until(() => ledger.isAttempting()),
  'the mail server has it, and has not answered': (scene) => scene.nextMail(),
  'it was answered, and is not noted': (scene) => scene.nextMail().then(() => sleep(ANSWER_AFTER_MS)),
  'it is noted as sent': async ({ ledger }) => {
    const before = ledger.count('sent')
    await until(() => ledger.count('sent') > before)
  },
  'the server is starting': ({ random }) => sleep(random.between(0, 400)),
  'any moment': ({ random }) => sleep(random.between(0, 2000)),
}

async function until(isThere: () => boolean): Promise<void> {
  const endMs = performance.now() + PATIENCE_MS
  while (!isThere() && performance.now() < endMs) await sleep(1)
}
