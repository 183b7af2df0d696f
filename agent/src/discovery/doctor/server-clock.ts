import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { type Finding, ok, problem } from './finding.ts'

const SUBJECT = '对时 · clock against the server'
const TIMEOUT_MS = 5000
/** The server raises its alarm from 2 s on; `Date` has whole seconds, and the way there takes its time. */
const WRONG_MS = 3000

/** The agent's clock minus the server's, by the `Date` of its answer. The agent works without the page, so its absence is no problem. */
export async function checkServerClock(server: string, clock: { nowMs(): number }): Promise<Finding> {
  const beganMs = clock.nowMs()
  const date = await dateOf(server)
  if (date === undefined)
    return ok(SUBJECT, `${server} 访问不到，未比较（不影响采集） · cannot be reached, not compared (readings do not need it)`)
  // The whole second that `Date` names has half a second on either side of its middle.
  const offsetMs = (beganMs + clock.nowMs()) / 2 - (date + 500)
  const seconds = (offsetMs / 1000).toFixed(1)
  if (Math.abs(offsetMs) < WRONG_MS) return ok(SUBJECT, `相差 ${seconds} s · off by ${seconds} s`)
  return problem(
    SUBJECT,
    `本机比服务器${offsetMs > 0 ? '快' : '慢'} ${Math.abs(Number(seconds))} s · this machine is ${Math.abs(Number(seconds))} s ${offsetMs > 0 ? 'ahead' : 'behind'}`,
    '在两台机器上启用 NTP：timedatectl set-ntp true · turn NTP on, on both machines',
  )
}

/** Only the time is taken from the answer, so an authority for it is not asked for. */
function dateOf(server: string): Promise<number | undefined> {
  return new Promise((resolve) => {
    const url = new URL('/healthz', server)
    const request = (url.protocol === 'https:' ? requestHttps : requestHttp)(
      url,
      { method: 'HEAD', timeout: TIMEOUT_MS, agent: false, rejectUnauthorized: false },
      (response) => {
        response.resume()
        const ms = Date.parse(response.headers.date ?? '')
        resolve(Number.isNaN(ms) ? undefined : ms)
      },
    )
    request.once('timeout', () => request.destroy())
    request.once('error', () => resolve(undefined))
    request.once('close', () => resolve(undefined))
    request.end()
  })
}
