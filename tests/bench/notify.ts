import { setTimeout as sleep } from 'node:timers/promises'
import { waitFor } from '../kit/services/child-program.ts'
import { startSmtpServer } from '../kit/services/smtp-server.ts'
import { mailBy, tellBy } from '../kit/tell-by.ts'
import { benchLatency } from './latency.ts'
import { percentiles, startLoadedServer } from './loaded-server.ts'

const READINGS_PER_S = 20_000
const WARM_UP_MS = 3000
const MAIL_TIMEOUT_MS = 10_000
/** Probes do not fall into step with the load. */
const PAUSE_MS = 23
/** design §6. */
const BUDGET = { mail_p95_ms: 1000, browser_p99_ms: 20 }

export interface NotifyFigures {
  readings_per_s: number
  mail_p50_ms: number
  mail_p95_ms: number
  mail_p99_ms: number
  mails: number
  browser_p50_ms: number
  browser_p99_ms: number
  browser_alarms: number
  budget: typeof BUDGET
  within_budget: boolean
}

/**
 * Two ways of an alarm beside a load of 20,000 readings/s: from the publish of the reading that crosses (a limit without delay) to the
 * moment when an SMTP server (aiosmtpd) has the message's last byte, and to the alarm in a browser's socket.
 */
export async function benchNotify(options: { alarms: number }): Promise<NotifyFigures> {
  const mail = percentiles(await mailLatencies(options.alarms))
  const key = `at_${READINGS_PER_S}_readings_per_s`
  const browser = (await benchLatency({ probes: options.alarms, rates: [READINGS_PER_S] }))[key]
  if (browser === undefined) throw new Error('no figure for the browser')
  return {
    readings_per_s: READINGS_PER_S,
    mail_p50_ms: mail.p50_ms,
    mail_p95_ms: mail.p95_ms,
    mail_p99_ms: mail.p99_ms,
    mails: mail.probes,
    browser_p50_ms: browser.p50_ms,
    browser_p99_ms: browser.p99_ms,
    browser_alarms: browser.probes,
    budget: BUDGET,
    within_budget: mail.p95_ms <= BUDGET.mail_p95_ms && browser.p99_ms <= BUDGET.browser_p99_ms,
  }
}

/** One point after the other crosses and stays there. Critical: such an alarm is never gathered with others. */
async function mailLatencies(alarms: number): Promise<number[]> {
  const smtp = await startSmtpServer({ tls: 'none' })
  let dispose = async (): Promise<void> => undefined
  try {
    const loaded = await startLoadedServer({ probePoints: alarms, priority: 'critical' })
    const { server, load, probe } = loaded
    dispose = loaded.dispose
    await tellBy(server, mailBy(smtp.port, 'duty@hospital.example'))
    load.rate(READINGS_PER_S)
    await sleep(WARM_UP_MS)
    const before = smtp.messages.length
    const latencies: number[] = []
    for (let crossed = 1; crossed <= alarms; crossed++) {
      const publishedAtMs = performance.timeOrigin + performance.now()
      probe.sendValues((index) => (index < crossed ? 100 : 20))
      const mail = await waitFor(`mail ${crossed} has come`, MAIL_TIMEOUT_MS, async () => smtp.messages[before + crossed - 1])
      latencies.push(mail.takenAtMs - publishedAtMs)
      await sleep(PAUSE_MS)
    }
    if (smtp.messages.length !== before + alarms) throw new Error(`${smtp.messages.length - before} mails for ${alarms} alarms`)
    return latencies
  } finally {
    await dispose()
    await smtp.stop()
  }
}
