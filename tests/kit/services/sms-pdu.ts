/** SMS-SUBMIT and SMS-DELIVER as a modem sees them in PDU mode (3GPP TS 23.040, alphabets TS 23.038): only what the tests need. */

/** Basic characters of TS 23.038 §6.2.1 by their septet. */
const GSM7 =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà'
/** Extension table, after an escape septet. */
const GSM7_EXTENSION = new Map([
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
])

export interface SmsPart {
  /** With "+" when the type of address is international. */
  number: string
  text: string
  /** User data header of a concatenated message, 8-bit reference. */
  part: { reference: number; count: number; index: number } | undefined
}

/** What follows AT+CMGS=<length>: the service centre's address and an SMS-SUBMIT. Throws on anything else. */
export function decodeSubmit(hex: string): SmsPart {
  const bytes = Buffer.from(hex, 'hex')
  let at = 1 + (bytes[0] ?? 0)
  const first = bytes[at] ?? 0
  if ((first & 3) !== 1) throw new Error(`not an SMS-SUBMIT: ${hex}`)
  at += 2
  const digits = bytes[at] ?? 0
  const isInternational = ((bytes[at + 1] ?? 0) & 0x70) === 0x10
  const number = semiOctets(bytes.subarray(at + 2, at + 2 + Math.ceil(digits / 2))).slice(0, digits)
  at += 2 + Math.ceil(digits / 2) + 1
  const coding = bytes[at] ?? 0
  at += 1 + ([0, 7, 1, 7][(first >> 3) & 3] ?? 0)
  const length = bytes[at] ?? 0
  const data = bytes.subarray(at + 1)
  const headerLength = (first & 0x40) === 0 ? 0 : 1 + (data[0] ?? 0)
  const header = data.subarray(0, headerLength)
  const isUcs2 = (coding & 0x0c) === 8
  const text = isUcs2
    ? new TextDecoder('utf-16be').decode(data.subarray(headerLength, length))
    : fromSeptets(unpack(data, length).slice(Math.ceil((headerLength * 8) / 7)))
  return {
    number: (isInternational ? '+' : '') + number,
    text,
    part: header[1] === 0 ? { reference: header[3] ?? 0, count: header[4] ?? 0, index: header[5] ?? 0 } : undefined,
  }
}

/** An SMS-DELIVER with an empty service centre address, as AT+CMGR gives it; `length` is what +CMGR tells (without that address). */
export function encodeDeliver(sms: { from: string; text: string; alphabet: 'gsm7' | 'ucs2' }): { hex: string; length: number } {
  const digits = sms.from.replace('+', '')
  const address = Buffer.from([digits.length, sms.from.startsWith('+') ? 0x91 : 0x81, ...toSemiOctets(digits)])
  const isUcs2 = sms.alphabet === 'ucs2'
  const septets = isUcs2 ? [] : toSeptets(sms.text)
  const data = isUcs2 ? Buffer.from(sms.text, 'utf16le').swap16() : pack(septets)
  // 2026-11-23 09:30:00, quarter hours from GMT: +32.
  const time = Buffer.from([0x62, 0x11, 0x32, 0x90, 0x03, 0x00, 0x23])
  const tpdu = Buffer.concat([
    Buffer.from([0x04]),
    address,
    Buffer.from([0, isUcs2 ? 8 : 0]),
    time,
    Buffer.from([isUcs2 ? data.length : septets.length]),
    data,
  ])
  return { hex: `00${tpdu.toString('hex').toUpperCase()}`, length: tpdu.length }
}

function semiOctets(bytes: Buffer): string {
  return [...bytes].map((byte) => `${byte & 15}${(byte >> 4).toString(16)}`).join('')
}

function toSemiOctets(digits: string): number[] {
  const even = digits.length % 2 === 0 ? digits : `${digits}f`
  return (even.match(/../g) ?? []).map((pair) => Number.parseInt(`${pair[1]}${pair[0]}`, 16))
}

function unpack(bytes: Buffer, count: number): number[] {
  return Array.from({ length: count }, (_, index) => {
    const bit = index * 7
    const word = (bytes[bit >> 3] ?? 0) | ((bytes[(bit >> 3) + 1] ?? 0) << 8)
    return (word >> (bit & 7)) & 0x7f
  })
}

function pack(septets: readonly number[]): Buffer {
  const bytes = Buffer.alloc(Math.ceil((septets.length * 7) / 8))
  septets.forEach((septet, index) => {
    const bit = index * 7
    const shifted = septet << (bit & 7)
    const at = bit >> 3
    bytes[at] = (bytes[at] ?? 0) | (shifted & 0xff)
    if (shifted > 0xff) bytes[at + 1] = (bytes[at + 1] ?? 0) | (shifted >> 8)
  })
  return bytes
}

function fromSeptets(septets: readonly number[]): string {
  let text = ''
  for (let index = 0; index < septets.length; index++) {
    const septet = septets[index] ?? 0
    text += septet === 0x1b ? (GSM7_EXTENSION.get(septets[++index] ?? -1) ?? ' ') : GSM7[septet]
  }
  return text
}

function toSeptets(text: string): number[] {
  return [...text].map((character) => {
    const septet = GSM7.indexOf(character)
    if (septet < 0) throw new Error(`not in the basic table of TS 23.038: ${character}`)
    return septet
  })
}
