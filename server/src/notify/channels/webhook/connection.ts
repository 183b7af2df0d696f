import type { ChannelConnection, ChannelContext, Notice } from '../channel.ts'
import { guardedConnection } from '../guarded-connection.ts'
import { postJson, statusError } from '../http-post.ts'
import { networkAccess } from '../network-access.ts'
import { plainLine, plainText, shownAnswer } from '../plain-text.ts'
import { signatureHeaders } from '../signed-post.ts'
import type { WebhookSettings } from './settings.ts'

/** Opens nothing: every notice is one POST. */
export function openWebhook(settings: WebhookSettings, { clock }: ChannelContext): ChannelConnection {
  const access = networkAccess(settings.allowedNetworks)
  const url = new URL(settings.url)
  return guardedConnection(async (notice, _recipient, signal) => {
    const body = JSON.stringify(webhookBody(notice))
    const headers = {
      ...signatureHeaders(settings.secret, notice.id, clock.nowMs(), body),
      ...(settings.token === undefined ? {} : { authorization: `Bearer ${settings.token}` }),
    }
    const answer = await postJson({ url, body, headers, access, ca: settings.ca }, signal)
    const said = shownAnswer(answer.body, [settings.token, settings.secret])
    const error = statusError(answer, said)
    if (error !== undefined) throw error
    return { answer: said === '' ? `HTTP ${answer.status}` : `HTTP ${answer.status} ${said}` }
  })
}

/**
 * What is posted. Fields are added and never renamed or removed while `version` is 1. The reply code is left out: who reads the JSON is
 * not yet a person who has seen the alarm.
 */
export function webhookBody(notice: Notice): Record<string, unknown> {
  const { id, kind, priority, language, title, text, url, atMs, facts } = notice
  return {
    version: 1,
    id: id.toWellFormed(),
    kind,
    priority,
    language,
    title: plainLine(title),
    text: plainText(text),
    url: url ?? null,
    at: new Date(atMs).toISOString(),
    alarm: facts,
  }
}
