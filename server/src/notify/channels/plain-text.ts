// What a device or a person was named ends up in mails, chat rooms and logs of other systems: no channel passes control characters on.

const CONTROL = /[\p{Cc}\u2028\u2029]/gu
const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })
/** A longer cluster (letters under a heap of accents) is cut between its code points. */
const LONGEST_CLUSTER_BYTES = 64

/** One line of well-formed Unicode without control characters. */
export function plainLine(text: string): string {
  return text.toWellFormed().replace(CONTROL, ' ').replace(/ {2,}/g, ' ').trim()
}

/** Lines separated by "\n", well-formed, without other control characters than tabs. */
export function plainText(text: string): string {
  return text
    .toWellFormed()
    .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
    .replace(CONTROL, (character) => (character === '\n' || character === '\t' ? character : ' '))
}

/** The text, or as much of its beginning as fits into `maxBytes` of UTF-8 together with the note; cut where a reader sees a border. */
export function cutToBytes(text: string, maxBytes: number, note: string): string {
  if (Buffer.byteLength(text) <= maxBytes) return text
  let freeBytes = maxBytes - Buffer.byteLength(note)
  let kept = ''
  // More code units than bytes cannot fit; the rest need not be looked at.
  for (const { segment } of graphemes.segment(text.slice(0, maxBytes)))
    for (const part of Buffer.byteLength(segment) > LONGEST_CLUSTER_BYTES ? segment : [segment]) {
      freeBytes -= Buffer.byteLength(part)
      if (freeBytes < 0) return kept.toWellFormed() + note
      kept += part
    }
  return kept.toWellFormed() + note
}

/**
 * Words of the other side for people: one line of at most 200 characters in which no secret is left. What answers may be a stranger, and
 * may send back what it was sent.
 */
export function shownAnswer(answer: string, secrets: readonly (string | undefined)[]): string {
  let shown = answer
  for (const secret of secrets)
    if (secret !== undefined && secret !== '')
      for (const form of [secret, encodeURIComponent(secret), Buffer.from(secret).toString('base64')]) shown = shown.replaceAll(form, '***')
  return [...plainLine(shown)].slice(0, 200).join('')
}
