import type { Db } from '../database/schema.ts'
import { VERSION } from '../version.ts'
import type { ReportHead, ReportLanguage } from './document.ts'
import type { ReportWords } from './words.ts'

/** Chinese unless English is asked for. */
export function languageOf(value: unknown): ReportLanguage {
  return value === 'en' ? 'en' : 'zh'
}

/** Head and foot of every page. The organisation is named by the sites of its rooms. */
export async function reportHead(
  db: Db,
  { title, words, by, nowMs, layout }: { title: string; words: ReportWords; by: string; nowMs: number; layout: ReportHead['layout'] },
): Promise<ReportHead> {
  const sites = await db.selectFrom('room').select('site').distinct().orderBy('site').limit(4).execute()
  const shown = sites.map(({ site }) => site).join(' · ')
  const when = words.time(nowMs)
  return {
    title,
    organisation: shown === '' ? '机房管家 Roomkeeper' : shown,
    foot: words.of({
      zh: `机房管家 ${VERSION} · ${by} 于 ${when} 生成（${words.timeZone}）`,
      en: `Roomkeeper ${VERSION} · made by ${by}, ${when} (${words.timeZone})`,
    }),
    language: words.language,
    layout,
    createdAtMs: nowMs,
    timeZone: words.timeZone,
  }
}
