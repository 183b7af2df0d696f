/** NUT writes numbers in decimal only; `0x32` and an empty text are numbers to JavaScript alone. */
const DECIMAL = /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i

/** A variable's number; NaN when it is none. */
export function decimal(text: string | undefined): number {
  return text !== undefined && DECIMAL.test(text.trim()) ? Number(text) : Number.NaN
}
