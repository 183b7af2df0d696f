import { spawnSync } from 'node:child_process'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Counts } from './kit/count-reporter.ts'
import { installServices } from './kit/install-services.ts'

/**
 * Everything that must hold before a change is taken: format and lint → types → unused code → unit, layout, integration and browser tests.
 * Every stage runs even if an earlier one failed, so that one run shows all there is to repair. The last line printed is
 * `N passed, N failed, N skipped`; a stage that is not a test run counts only when it fails, as one failure.
 * `npm test -- unit layout` runs only the named stages.
 */
const ROOT = fileURLToPath(new URL('..', import.meta.url))

/** `node_modules/.bin` files are scripts whose first line finds a `node`; these run on this one, whatever is in PATH. */
const BIOME = ['node_modules/@biomejs/biome/bin/biome', 'ci', '--error-on-warnings', '.']
const TSC = 'node_modules/typescript/bin/tsc'
const STAGES: readonly Stage[] = [
  { name: 'lint', args: BIOME },
  { name: 'types', args: [TSC, '-p', '.'] },
  { name: 'types-dashboard', args: [TSC, '-p', 'dashboard'] },
  { name: 'unused', args: ['node_modules/knip/bin/knip.js', '--no-progress'] },
  { name: 'unit', tests: '{agent,server,shared,dashboard}/src/**/*.test.*' },
  { name: 'layout', tests: 'tests/layout/**/*.test.ts' },
  // The browser tests serve what this builds.
  { name: 'build', args: ['node_modules/vite/bin/vite.js', 'build', 'dashboard', '--logLevel', 'warn'] },
  // What a browser loads before the first chart stays within its budget.
  { name: 'size', args: ['dashboard/size.ts'] },
  { name: 'integration', tests: 'tests/integration/**/*.test.ts', projects: ['integration', 'integration-timed'] },
  { name: 'e2e', tests: 'tests/e2e/**/*.test.ts', projects: ['e2e', 'e2e-timed'] },
]

/** Either a program that passes or fails, or a Vitest project (of the same name, or several) whose tests are counted. */
type Stage = { name: string; args: readonly string[] } | { name: string; tests: string; projects?: readonly string[] }

function run(args: readonly string[], env: Record<string, string> = {}): number {
  // In a log file colour codes hide the text.
  const colours: Record<string, string> = process.stdout.isTTY ? {} : { NO_COLOR: '1' }
  const { status } = spawnSync(process.execPath, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...colours, ...env },
  })
  return status ?? 1
}

/** Runs the projects and returns their counts; a run that ended badly without a failed test counts as one failure. */
function runTests(projects: readonly string[]): Counts {
  const dir = mkdtempSync(join(tmpdir(), 'roomkeeper-tests-'))
  const countsFile = join(dir, 'counts.json')
  const reporters = ['--reporter=dot', '--reporter=./tests/kit/count-reporter.ts']
  const chosen = projects.map((project) => `--project=${project}`)
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'tests/vitest.config.ts', ...chosen, ...reporters]
  const status = run(args, { ROOMKEEPER_TEST_COUNTS: countsFile })
  const counts: Counts = existsSync(countsFile)
    ? (JSON.parse(readFileSync(countsFile, 'utf8')) as Counts)
    : { passed: 0, failed: 1, skipped: 0, skippedNames: [] }
  rmSync(dir, { recursive: true, force: true })
  if (status !== 0 && counts.failed === 0) counts.failed = 1
  return counts
}

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !STAGES.some((stage) => stage.name === name))
if (unknown.length > 0) {
  console.error(`unknown: ${unknown.join(', ')}. Stages: ${STAGES.map(({ name }) => name).join(', ')}`)
  process.exit(2)
}
installServices()

const total: Counts = { passed: 0, failed: 0, skipped: 0, skippedNames: [] }
const outcomes: string[] = []
for (const stage of STAGES) {
  if (wanted.length > 0 && !wanted.includes(stage.name)) continue
  const began = performance.now()
  console.log(`\n── ${stage.name}`)
  let outcome: string
  if ('args' in stage) {
    const failed = run(stage.args) !== 0
    total.failed += failed ? 1 : 0
    outcome = failed ? 'FAILED' : 'ok'
  } else if (globSync(stage.tests, { cwd: ROOT }).length === 0) {
    total.failed += 1
    outcome = `FAILED: no test fits ${stage.tests}`
  } else {
    const counts = runTests(stage.projects ?? [stage.name])
    total.passed += counts.passed
    total.failed += counts.failed
    total.skipped += counts.skipped
    total.skippedNames.push(...counts.skippedNames)
    outcome = `${counts.failed > 0 ? 'FAILED' : 'ok'} (${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped)`
  }
  outcomes.push(`${stage.name.padEnd(16)} ${`${((performance.now() - began) / 1000).toFixed(1)} s`.padStart(8)}  ${outcome}`)
}

for (const name of total.skippedNames) console.log(`skipped: ${name}`)
console.log(`\n${outcomes.join('\n')}`)
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exitCode = total.failed > 0 ? 1 : 0
