import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'
import { LongestFirst } from './kit/longest-first.ts'

const EXCLUDE = ['**/node_modules/**', '**/dist/**']

/** What these measure in milliseconds and seconds is a promise of the product: less runs beside them than beside the others. */
const TIMED_SERVICES = ['driver-sysfs', 'first-start', 'main-job', 'notices-flood', 'notices-mail', 'push'].map(
  (name) => `tests/integration/${name}.test.ts`,
)
const TIMED_SCREENS = ['first-reading', 'long-lists', 'main-job', 'wall'].map((name) => `tests/e2e/${name}.test.ts`)

/** Programs are started, and what arrives in a while is read again until it is there (`expect.poll`): also on a machine that does much else. */
const PATIENT = { testTimeout: 120_000, hookTimeout: 120_000, expect: { poll: { timeout: 20_000, interval: 50 } } }
const INTEGRATION = { ...PATIENT, globalSetup: fileURLToPath(new URL('kit/one-postgres.ts', import.meta.url)) }

/**
 * The kinds of tests, run one kind after the other by tests/run.ts. Nothing is ever tried again: a test that fails sometimes is a
 * defect of the test or of the program. The suite is made for two cores; of programs that mostly wait for each other, more run at once.
 */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    maxWorkers: 2,
    // Only tests that wait for a slow program are marked as concurrent: they use hardly any processor.
    maxConcurrency: 16,
    retry: 0,
    sequence: { sequencer: LongestFirst },
    allowOnly: process.env.CI !== 'true',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['{agent,server,shared,dashboard}/src/**/*.test.{ts,tsx}', 'tests/kit/**/*.test.ts'],
          exclude: EXCLUDE,
          testTimeout: 10_000,
          hookTimeout: 10_000,
        },
      },
      { extends: true, test: { name: 'layout', include: ['tests/layout/**/*.test.ts'], exclude: EXCLUDE, testTimeout: 20_000 } },
      {
        extends: true,
        // Real programs that mostly wait for each other: 20 s of a processor in a minute of such a file are much.
        test: {
          ...INTEGRATION,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: [...EXCLUDE, ...TIMED_SERVICES],
          maxWorkers: 4,
          sequence: { groupOrder: 1 },
        },
      },
      { extends: true, test: { ...INTEGRATION, name: 'integration-timed', include: TIMED_SERVICES, sequence: { groupOrder: 2 } } },
      {
        extends: true,
        // Each with a server, an agent and a Chromium of its own.
        test: {
          ...PATIENT,
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: [...EXCLUDE, ...TIMED_SCREENS],
          maxWorkers: 2,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: { ...PATIENT, name: 'e2e-timed', include: TIMED_SCREENS, fileParallelism: false, sequence: { groupOrder: 4 } },
      },
    ],
  },
})
