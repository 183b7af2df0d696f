import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'

/** Results of one Vitest run. */
export interface Counts {
  passed: number
  failed: number
  skipped: number
  /** Full names of the skipped tests; the reason stands in the name. */
  skippedNames: string[]
}

/** Writes the counts to the file named by ROOMKEEPER_TEST_COUNTS, for tests/run.ts to add up. */
export default class CountReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const file = process.env.ROOMKEEPER_TEST_COUNTS
    if (file !== undefined) writeFileSync(file, JSON.stringify(countTests(modules, unhandledErrors.length)))
  }
}

/** What the counting needs of Vitest's modules. */
interface CountedModule {
  state(): string
  relativeModuleId: string
  children: { allTests(): Iterable<{ fullName: string; result(): { state: string } }> }
}

/** A module that failed without a failed test (it could not be imported, a hook threw) and an unhandled error count as one failure each. */
export function countTests(modules: readonly CountedModule[], unhandledErrors: number): Counts {
  const counts: Counts = { passed: 0, failed: unhandledErrors, skipped: 0, skippedNames: [] }
  for (const module of modules) {
    let failedTests = 0
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state === 'passed') counts.passed += 1
      else if (state === 'failed') failedTests += 1
      else {
        counts.skipped += 1
        counts.skippedNames.push(`${module.relativeModuleId} > ${test.fullName}`)
      }
    }
    counts.failed += module.state() === 'failed' ? Math.max(1, failedTests) : failedTests
  }
  return counts
}
