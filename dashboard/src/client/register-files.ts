/** `zh` or `en`, as documents are asked for. */
function languageOf(language: string): 'zh' | 'en' {
  return language.startsWith('zh') ? 'zh' : 'en'
}

/** Address of a record on paper. */
export function recordPdfUrl(register: string, recordId: number, language: string): string {
  return `/api/registers/${register}/records/${recordId}/record.pdf?language=${languageOf(language)}`
}

/** Address of a list of records, filtered as it is on the screen. */
export function recordsFileUrl(
  register: string,
  kind: 'xlsx' | 'pdf',
  filter: Readonly<Record<string, string | number>>,
  language: string,
): string {
  const query = new URLSearchParams(Object.entries(filter).map(([key, value]) => [key, String(value)]))
  query.set('language', languageOf(language))
  return `/api/registers/${register}/records.${kind}?${query.toString()}`
}

/** Address of the empty Excel file that an import fills. */
export function importTemplateUrl(register: string, language: string): string {
  return `/api/registers/${register}/import-template.xlsx?language=${languageOf(language)}`
}

/** Where a filled one is sent; without `apply` it is only looked at. */
export function importUrl(register: string, apply: boolean): string {
  return `/api/registers/${register}/import?apply=${apply ? 1 : 0}`
}
