import { Command } from 'commander'
import { VERSION } from '../version.ts'
import { addWatchdogCommand } from './watchdog-command.ts'

// The watchdog alone, without what the server needs: it may run on a very small machine.
const program = new Command('roomkeeper').version(VERSION)
addWatchdogCommand(program)
await program.parseAsync()
