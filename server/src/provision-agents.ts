import { readFileSync } from 'node:fs'
import type { Logger } from 'pino'
import type { Credentials } from './broker/credentials.ts'

/** Lets in the agents that are set up together with the server: a file of lines "site node password". A line that is wrong is named and skipped. */
export async function provisionAgents(file: string | undefined, credentials: Pick<Credentials, 'ensure'>, log: Logger): Promise<void> {
  if (!file) return
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    log.error({ module: 'broker', file, err: error }, 'ROOMKEEPER_AGENT_CREDENTIALS cannot be read; its agents are not let in')
    return
  }
  for (const [index, line] of text.split('\n').entries()) {
    if (!line.trim() || line.startsWith('#')) continue
    const [site, node, password] = line.trim().split(/\s+/)
    try {
      if (!site || !node || !password) throw new Error('expected "site node password"')
      await credentials.ensure(site, node, password, 'system')
    } catch (error) {
      log.error({ module: 'broker', file, line: index + 1, reason: (error as Error).message }, 'agent credential not taken')
    }
  }
}
