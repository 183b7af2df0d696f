export { journalLine, writesToJournal } from './journal-lines.ts'
export { startWatchdog } from './watchdog.ts'
