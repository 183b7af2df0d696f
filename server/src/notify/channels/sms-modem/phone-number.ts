import { z } from 'zod'

/** A mobile number of mainland China without its country code: 11 digits, 13… to 19…. */
const CHINESE_MOBILE = /^1[3-9]\d{9}$/
/** ITU-T E.164: at most 15 digits, the country code does not begin with 0. */
const E164 = /^\+[1-9]\d{6,14}$/

/** "138 0013 8000", "+86-13800138000" and "008613800138000" become "+8613800138000"; undefined when it is no telephone number. */
export function normalisedNumber(text: string): string | undefined {
  const compact = text
    .trim()
    .replace(/^＋/, '+')
    .replace(/[\s().-]/g, '')
  if (CHINESE_MOBILE.test(compact)) return `+86${compact}`
  const international = compact.replace(/^00/, '+')
  if (!E164.test(international)) return undefined
  // A Chinese mobile number that lost or gained a digit is a slip of the pen, not another country's number.
  return international.startsWith('+861') && !CHINESE_MOBILE.test(international.slice(3)) ? undefined : international
}

/** Gives the number in the form +<country code><number>. */
export const phoneNumber = z.string().transform((text, context) => {
  const number = normalisedNumber(text)
  if (number !== undefined) return number
  context.addIssue({
    code: 'custom',
    message: '请填写手机号，如 13800138000；其他国家以 + 开头 · enter a mobile number: 13800138000, or with + and country code elsewhere',
  })
  return z.NEVER
})
