import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Files of 20 s and more, mostly because they wait: begun last, one of them would run alone at the end. The longest first. */
const LONGEST = [
  ...['pages', 'registers-phone', 'dialogs', 'notices', 'inspection-offline'],
  ...['device-settings', 'readings-copy', 'pair-agent', 'bad-input', 'kills', 'agent-commands', 'agent-no-loss', 'driver-nut'],
  ...['watchdog-program', 'channel-sms-modem', 'absent-services', 'agent-log-faults', 'ingest-host', 'sparkplug-tck', 'syslog'],
]

/** The order in which files begin, the same in a fresh copy as in one that has run the tests before. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/${name}.test.ts`))
      return at < 0 ? LONGEST.length : at
    }
    return (await super.sort(files)).sort((a, b) => place(a) - place(b))
  }
}
