/** Address of a sheet of this page, without what is not chosen; a language as documents are asked for. */
export function sheetUrl(path: string, { language, ...query }: Readonly<Record<string, string>>): string {
  const given = Object.entries(query).filter(([, value]) => value !== '')
  const search = new URLSearchParams(given)
  if (language) search.set('language', language.startsWith('zh') ? 'zh' : 'en')
  return search.size > 0 ? `/api/${path}?${search.toString()}` : `/api/${path}`
}
