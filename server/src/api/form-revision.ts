/** The arguments of `errors.CONFLICT` for a form: who saved or submitted it since, and when. */
export function changedByOther(by: string | null, atMs: number | null) {
  const who = by ?? '他人 / someone else'
  const when = atMs === null ? '' : new Date(atMs).toISOString()
  return { message: `已被修改：${who} ${when} / Changed by ${who} ${when}`, data: { by, atMs } }
}
