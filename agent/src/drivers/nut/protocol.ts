import { DriverError } from '../driver.ts'

/** upsd's own limit is 512 bytes for one answer line (NUT_NET_ANSWER_MAX); eight times that is not NUT. */
const MAX_LINE_BYTES = 4096

/** What upsd answered to a LIST command: the lines between BEGIN and END, split into words; or the token after ERR. */
export type ListAnswer = { rows: string[][] } | { error: string }

/**
 * Splits a line into words as RFC 9271 §4.2 has it: words are separated by spaces; within double quotes a backslash makes the next
 * character ordinary. Throws a DriverError of kind garbage when a quote is left open.
 */
export function splitWords(line: string): string[] {
  const words: string[] = []
  let word: string | undefined
  let quoted = false
  for (let at = 0; at < line.length; at++) {
    const character = line[at]
    if (character === '\\' && at + 1 < line.length) {
      at += 1
      word = (word ?? '') + line[at]
    } else if (character === '"') {
      quoted = !quoted
      word = word ?? ''
    } else if (!quoted && (character === ' ' || character === '\t')) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else {
      word = (word ?? '') + character
    }
  }
  if (quoted) throw new DriverError('garbage', `NUT: a quote is not closed in ${JSON.stringify(line.slice(0, 200))}`)
  if (word !== undefined) words.push(word)
  return words
}

/** Reads the answer to `LIST <what>`; undefined while its END line is missing. `what` is the command's rest, e.g. `VAR ups1`. */
export function parseListAnswer(received: Buffer, what: string): { answer: ListAnswer } | undefined {
  const lines = received.toString('utf8').split('\n')
  const unfinished = lines.pop() ?? ''
  const rows: string[][] = []
  for (const [index, rawLine] of [...lines, unfinished].entries()) {
    if (rawLine.length > MAX_LINE_BYTES) throw new DriverError('garbage', `NUT: a line of more than ${MAX_LINE_BYTES} bytes`)
    if (index === lines.length) break
    const line = rawLine.replace(/\r$/, '')
    if (index === 0) {
      const error = /^ERR ([A-Z-]+)/.exec(line)
      if (error?.[1] !== undefined) return { answer: { error: error[1] } }
      if (line !== `BEGIN LIST ${what}`)
        throw new DriverError('garbage', `NUT: not an answer to LIST: ${JSON.stringify(line.slice(0, 200))}`)
    } else if (line === `END LIST ${what}`) {
      return { answer: { rows } }
    } else {
      rows.push(splitWords(line))
    }
  }
  return undefined
}

/** The DriverError for upsd's `ERR <token>` (RFC 9271 §4.3). UNKNOWN-UPS is for the caller, who can say which ones there are. */
export function errorOfToken(token: string, ups: string): DriverError {
  switch (token) {
    case 'DATA-STALE':
      return new DriverError('unreachable', `NUT: upsd has had no fresh data from UPS ${ups} for a while (DATA-STALE)`)
    case 'DRIVER-NOT-CONNECTED':
      return new DriverError('unreachable', `NUT: the driver of UPS ${ups} is not running on the NUT server (DRIVER-NOT-CONNECTED)`)
    case 'ACCESS-DENIED':
      return new DriverError('denied', 'NUT: upsd does not let this address read (ACCESS-DENIED)')
    case 'USERNAME-REQUIRED':
    case 'PASSWORD-REQUIRED':
    case 'INVALID-USERNAME':
    case 'INVALID-PASSWORD':
      return new DriverError('denied', `NUT: upsd wants a user to read, which its protocol does not ask for (${token})`)
    default:
      return new DriverError('garbage', `NUT: upsd answered ERR ${token}`)
  }
}
