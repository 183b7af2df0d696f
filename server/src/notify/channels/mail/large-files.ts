import type { Notice } from '../channel.ts'

/** Behind the server's answer, so that people see what arrived. */
export const FILES_LEFT_OUT = '文件过大，邮件只附链接 / the files were too large, the mail has the link only'

/** The notice as it is sent when its files cannot go along: it says so, and the link to them stands below. */
export function withoutFiles({ files: _, ...notice }: Notice, bytes: number): Notice {
  const size = `${(bytes / 1e6).toFixed(1)} MB`
  const sentence =
    notice.language === 'zh'
      ? `文件共 ${size}，超过邮件附件的上限，未随信附上：请在“报告”页下载。`
      : `The files (${size}) are larger than mail may carry and are not attached: download them on the page “Reports”.`
  return { ...notice, text: `${notice.text}\n\n${sentence}` }
}

/** RFC 5321: 552 (storage allocation exceeded), 5.3.4 (message too big); nodemailer itself says so when the server announced its limit. */
export function isTooLarge(error: unknown): boolean {
  return error instanceof Error && /(^|\D)552\D|5\.3\.4|larger than allowed|message (is )?too (big|large)/i.test(error.message)
}
