import type { ChannelConnection, ChannelContext } from '../channel.ts'
import { guardedConnection } from '../guarded-connection.ts'
import { postJson, statusError } from '../http-post.ts'
import { networkAccess } from '../network-access.ts'
import { plainLine, plainText, shownAnswer } from '../plain-text.ts'
import { signatureHeaders } from '../signed-post.ts'
import type { WatcherSettings } from './index.ts'

/** Opens nothing: every heartbeat is one POST. The report of the server's health travels as the notice's text. */
export function openWatcher({ url, secret, allowedNetworks, ca }: WatcherSettings, { clock }: ChannelContext): ChannelConnection {
  const access = networkAccess(allowedNetworks)
  const to = new URL(url)
  return guardedConnection(async ({ id, kind, title, text, atMs }, _recipient, signal) => {
    const body = JSON.stringify({ version: 1, id: id.toWellFormed(), kind, title: plainLine(title), text: plainText(text), atMs })
    const answer = await postJson({ url: to, body, headers: signatureHeaders(secret, id, clock.nowMs(), body), access, ca }, signal)
    const said = shownAnswer(answer.body, [secret])
    const error = statusError(answer, said)
    if (error !== undefined) throw error
    return { answer: said === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status} ${said}` }
  })
}
