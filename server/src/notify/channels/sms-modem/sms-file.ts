import { fitsGsm7 } from './message-text.ts'

/** A message file of smstools 3: header lines, an empty line, the text (its document "SMS file format"). */
export interface SmsFile {
  headers: ReadonlyMap<string, string>
  /** Undefined when it is not text: binary messages, broken files. */
  text: string | undefined
}

/** `number` in the form +<digits>: the daemon wants it without the "+". */
export function outgoingFile(number: string, text: string): Buffer {
  const isGsm7 = fitsGsm7(text)
  // Autosplit 3: parts are joined by the telephone whatever the daemon's own setting is.
  const header = `To: ${number.replace(/^\+/, '')}\nAlphabet: ${isGsm7 ? 'UTF-8' : 'UCS2'}\nAutosplit: 3\n\n`
  // The daemon takes and stores UCS-2 big endian.
  return Buffer.concat([Buffer.from(header), isGsm7 ? Buffer.from(text) : Buffer.from(text, 'utf16le').swap16()])
}

/** Never throws: what is not such a file has no text. */
export function parseSmsFile(content: Buffer): SmsFile {
  const end = content.indexOf('\n\n')
  const head = content.subarray(0, end < 0 ? content.length : end).toString('utf8')
  const headers = new Map<string, string>()
  for (const line of head.split('\n')) {
    const colon = line.indexOf(':')
    if (colon > 0) headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim())
  }
  return { headers, text: end < 0 ? undefined : decode(content.subarray(end + 2), headers.get('Alphabet') ?? 'ISO') }
}

/** The daemon looks at the first three letters of an alphabet only; so do we. */
function decode(body: Buffer, alphabet: string): string | undefined {
  switch (alphabet.slice(0, 3).toLowerCase()) {
    case 'ucs':
    case 'chi':
    case 'uni':
      return new TextDecoder('utf-16be').decode(body)
    case 'utf':
    case 'iso':
    case 'lat':
    case 'ans':
    case 'gsm':
      // With incoming_utf8 the header says ISO and the text is UTF-8; what is no valid UTF-8 was ISO indeed.
      try {
        return new TextDecoder('utf-8', { fatal: true }).decode(body)
      } catch {
        return new TextDecoder('iso-8859-15').decode(body)
      }
    default:
      return undefined
  }
}
