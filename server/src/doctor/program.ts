import { Command } from 'commander'
import { VERSION } from '../version.ts'
import { addDoctorCommand } from './doctor-command.ts'

/** `roomkeeper doctor` alone: it loads nothing of what serves, and answers at once. */
const program = new Command('roomkeeper').version(VERSION)
addDoctorCommand(program)
await program.parseAsync()
