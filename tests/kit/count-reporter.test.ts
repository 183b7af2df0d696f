import { expect, test } from 'vitest'
import { countTests } from './count-reporter.ts'

const moduleOf = (state: string, ...tests: string[]) => ({
  state: () => state,
  relativeModuleId: 'a.test.ts',
  children: { allTests: () => tests.map((result, index) => ({ fullName: `test ${index}`, result: () => ({ state: result }) })) },
})

test('tests are counted by their result, and skipped ones are named', () => {
  expect(countTests([moduleOf('failed', 'passed', 'failed', 'skipped'), moduleOf('passed', 'passed')], 0)).toEqual({
    passed: 2,
    failed: 1,
    skipped: 1,
    skippedNames: ['a.test.ts > test 2'],
  })
})

test('a module that cannot be imported, and an error nobody caught, are failures', () => {
  expect(countTests([moduleOf('failed')], 0).failed).toBe(1)
  expect(countTests([moduleOf('passed', 'passed')], 1).failed).toBe(1)
})
