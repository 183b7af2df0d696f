import { Command } from 'commander'
import { textOf } from './dump-report.ts'
import { UsageError } from './find-dumps.ts'
import { runDumps } from './run-dumps.ts'

const program = new Command('npm run dumps --')
  .description(
    'Serves every .dev file below a folder through dummy-ups and every .snmprec through snmpsim, reads each one as the agent does, and says what it found. ' +
      'Exit code: 0 all read, 1 some crashed or gave nothing, 2 the folder has none or cannot be served.',
  )
  .argument('<folder>', 'folder with dumps of devices')
  .option('--json', 'print JSON')
  .exitOverride()

program.action(async (folder: string, options: { json?: boolean }) => {
  const figures = await runDumps(folder, (line) => console.error(line))
  console.log(options.json ? JSON.stringify(figures, null, 2) : textOf(figures))
  if (figures.crashes > 0 || figures.problems > 0) process.exitCode = 1
})

try {
  await program.parseAsync()
} catch (error) {
  // commander has printed its own: a missing argument is 2, --help is not an error.
  if (error instanceof Error && 'exitCode' in error) process.exitCode = error.exitCode === 0 ? 0 : 2
  else if (error instanceof UsageError) {
    console.error(error.message)
    process.exitCode = 2
  } else throw error
}
