/** No look-alikes (0 O 1 I L): a pairing code is read from one screen and typed at another. */
export const PAIRING_ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'
/** 31⁸ = 8.5 × 10¹¹ codes: at the most guesses the server takes in ten minutes the chance for one open code is below 10⁻⁷. */
export const PAIRING_CODE_LENGTH = 8
export const PAIRING_VALID_MS = 10 * 60_000

/** As it is shown: `ABCD-EFGH`. */
export function groupedPairingCode(code: string): string {
  return `${code.slice(0, 4)}-${code.slice(4)}`
}

/** What a person typed, without dashes, spaces and lower case; undefined when it cannot be a code. */
export function pairingCodeOf(typed: string): string | undefined {
  const code = typed.replace(/[\s-]/g, '').toUpperCase()
  return code.length === PAIRING_CODE_LENGTH && [...code].every((character) => PAIRING_ALPHABET.includes(character)) ? code : undefined
}
