/** What one check found. `detail` and `advice` are in both languages, Chinese first. */
export interface Finding {
  subject: string
  isOk: boolean
  detail: string
  /** What to do; only where there is a problem. */
  advice?: string
}

export function ok(subject: string, detail: string): Finding {
  return { subject, isOk: true, detail }
}

export function problem(subject: string, detail: string, advice: string): Finding {
  return { subject, isOk: false, detail, advice }
}

/** One line. */
export function findingText({ subject, isOk, detail, advice }: Finding): string {
  const line = `${isOk ? '正常 ok     ' : '问题 problem'}  ${subject}: ${detail}`
  return advice === undefined ? line : `${line} → ${advice}`
}
