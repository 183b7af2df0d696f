/** Tags of BER (X.690) and of SNMP's PDUs (RFC 1157, RFC 3416). */
const SEQUENCE = 0x30
const INTEGER = 0x02
const OCTET_STRING = 0x04
const OBJECT_ID = 0x06
const RESPONSE = 0xa2
const TRAP_V1 = 0xa4
const INFORM = 0xa6
const TRAP_V2 = 0xa7
/** snmpTrapOID.0, the second binding of a version 2 trap. */
const SNMP_TRAP_OID = '1.3.6.1.6.3.1.1.4.1.0'

interface Element {
  tag: number
  /** Where its content begins and ends. */
  from: number
  to: number
}

/** The element at a position; undefined when the bytes are none. Lengths of up to three bytes: a datagram has no more. */
function elementAt(bytes: Uint8Array, at: number): Element | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined) return undefined
  const lengthBytes = first < 0x80 ? 0 : first - 0x80
  if (lengthBytes > 3) return undefined
  let length = lengthBytes === 0 ? first : 0
  for (let i = 0; i < lengthBytes; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0)
  const from = at + 2 + lengthBytes
  return from + length <= bytes.length ? { tag, from, to: from + length } : undefined
}

function elementsOf(bytes: Uint8Array, { from, to }: Element): Element[] {
  const elements: Element[] = []
  for (let at = from; at < to; ) {
    const element = elementAt(bytes, at)
    if (element === undefined || element.to > to) return []
    elements.push(element)
    at = element.to
  }
  return elements
}

/** The PDU of a version 1 or 2c message, and where its tag stands. Version 3 hides it. */
function pduOf(bytes: Uint8Array): { pdu: Element; tagAt: number } | undefined {
  const message = elementAt(bytes, 0)
  if (message?.tag !== SEQUENCE) return undefined
  const [version, community, pdu] = elementsOf(bytes, message)
  if (version?.tag !== INTEGER || community?.tag !== OCTET_STRING || pdu === undefined) return undefined
  return { pdu, tagAt: community.to }
}

/** An inform wants an answer, or it comes again: the same message as a response (RFC 3416 §4.2.7). Undefined for anything else. */
export function answerToInform(bytes: Uint8Array): Uint8Array | undefined {
  const found = pduOf(bytes)
  if (found?.pdu.tag !== INFORM) return undefined
  const answer = Uint8Array.from(bytes)
  answer[found.tagAt] = RESPONSE
  return answer
}

/** What the trap says it is, for the log; undefined for version 3 and for what is no trap. A version 1 trap gives its enterprise. */
export function trapOid(bytes: Uint8Array): string | undefined {
  const found = pduOf(bytes)
  if (found === undefined) return undefined
  const fields = elementsOf(bytes, found.pdu)
  if (found.pdu.tag === TRAP_V1) return fields[0] && oidText(bytes, fields[0])
  if (found.pdu.tag !== INFORM && found.pdu.tag !== TRAP_V2) return undefined
  const bindings = fields[3]
  for (const binding of bindings ? elementsOf(bytes, bindings) : []) {
    const [name, value] = elementsOf(bytes, binding)
    if (name && value && oidText(bytes, name) === SNMP_TRAP_OID) return oidText(bytes, value)
  }
  return undefined
}

function oidText(bytes: Uint8Array, { tag, from, to }: Element): string | undefined {
  if (tag !== OBJECT_ID || from >= to) return undefined
  const parts: number[] = []
  let part = 0
  for (const byte of bytes.subarray(from, to)) {
    part = part * 128 + (byte & 0x7f)
    if (byte < 0x80) {
      parts.push(part)
      part = 0
    }
  }
  const [first = 0, ...rest] = parts
  return [Math.min(2, Math.floor(first / 40)), first - 40 * Math.min(2, Math.floor(first / 40)), ...rest].join('.')
}
