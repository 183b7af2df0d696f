import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const EXCLUDE = ['**/node_modules/**', '**/dist/**']

/**
 * The four kinds of tests, run one kind after the other by tests/run.ts. Nothing is ever tried again: a test that fails sometimes is a
 * defect of the test or of the program. Two workers, because the suite is made for two cores.
 */
export default defineConfig({
  root: fileURLToPath(new URL('..', import.meta.url)),
  test: {
    maxWorkers: 2,
    // Only tests that wait for a slow program are marked as concurrent: they use hardly any processor.
    maxConcurrency: 16,
    retry: 0,
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
        // Real programs: starting one takes seconds when two files start theirs at once.
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          exclude: EXCLUDE,
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['tests/e2e/**/*.test.ts'],
          exclude: EXCLUDE,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // Chromium, server and agent together fill two cores.
          fileParallelism: false,
        },
      },
    ],
  },
})
