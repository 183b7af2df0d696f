import type { Locale } from 'antd/es/locale'
import dayjs from 'dayjs'
import relativeTime from 'dayjs/plugin/relativeTime'
import 'dayjs/locale/zh-cn'
import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { createExternalStore } from '../client/external-store.ts'
import type { Dictionary } from './zh-CN.ts'

dayjs.extend(relativeTime)

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const STORAGE_KEY = 'roomkeeper.language'

/** Chinese unless this browser chose English before. */
function rememberedLanguage(): Language {
  try {
    return localStorage.getItem(STORAGE_KEY) === 'en' ? 'en' : 'zh-CN'
  } catch {
    return 'zh-CN'
  }
}

/** antd's own texts (date picker, empty select, …) in the chosen language. */
export const antdLocaleStore = createExternalStore<Locale | undefined>(undefined)

const LOADERS: Record<Language, () => Promise<{ dictionary: Dictionary; antdLocale: Locale }>> = {
  'zh-CN': async () => {
    const [dictionary, antdLocale] = await Promise.all([import('./zh-CN.ts'), import('antd/es/locale/zh_CN')])
    return { dictionary: dictionary.zhCN, antdLocale: antdLocale.default }
  },
  en: async () => {
    const [dictionary, antdLocale] = await Promise.all([import('./en.ts'), import('antd/es/locale/en_US')])
    return { dictionary: dictionary.en, antdLocale: antdLocale.default }
  },
}

/** Texts of parts that most visits never open; they come with the part that shows them, see `loadTexts`. */
const PART_LOADERS = {
  audit: {
    'zh-CN': async () => (await import('./audit/zh-CN.ts')).zhCN,
    en: async () => (await import('./audit/en.ts')).en,
  },
  history: {
    'zh-CN': async () => (await import('./history/zh-CN.ts')).zhCN,
    en: async () => (await import('./history/en.ts')).en,
  },
  limits: {
    'zh-CN': async () => (await import('./limits/zh-CN.ts')).zhCN,
    en: async () => (await import('./limits/en.ts')).en,
  },
  incidents: {
    'zh-CN': async () => (await import('./incidents/zh-CN.ts')).zhCN,
    en: async () => (await import('./incidents/en.ts')).en,
  },
  notices: {
    'zh-CN': async () => (await import('./notices/zh-CN.ts')).zhCN,
    en: async () => (await import('./notices/en.ts')).en,
  },
  life: {
    'zh-CN': async () => (await import('./life/zh-CN.ts')).zhCN,
    en: async () => (await import('./life/en.ts')).en,
  },
  inspection: {
    'zh-CN': async () => (await import('./inspection/zh-CN.ts')).zhCN,
    en: async () => (await import('./inspection/en.ts')).en,
  },
  network: {
    'zh-CN': async () => (await import('./network/zh-CN.ts')).zhCN,
    en: async () => (await import('./network/en.ts')).en,
  },
  pack: {
    'zh-CN': async () => (await import('./pack/zh-CN.ts')).zhCN,
    en: async () => (await import('./pack/en.ts')).en,
  },
  photos: {
    'zh-CN': async () => (await import('./photos/zh-CN.ts')).zhCN,
    en: async () => (await import('./photos/en.ts')).en,
  },
  plan: {
    'zh-CN': async () => (await import('./plan/zh-CN.ts')).zhCN,
    en: async () => (await import('./plan/en.ts')).en,
  },
  registers: {
    'zh-CN': async () => (await import('./registers/zh-CN.ts')).zhCN,
    en: async () => (await import('./registers/en.ts')).en,
  },
  reports: {
    'zh-CN': async () => (await import('./reports/zh-CN.ts')).zhCN,
    en: async () => (await import('./reports/en.ts')).en,
  },
  schedules: {
    'zh-CN': async () => (await import('./schedules/zh-CN.ts')).zhCN,
    en: async () => (await import('./schedules/en.ts')).en,
  },
  start: {
    'zh-CN': async () => (await import('./start/zh-CN.ts')).zhCN,
    en: async () => (await import('./start/en.ts')).en,
  },
  thermal: {
    'zh-CN': async () => (await import('./thermal/zh-CN.ts')).zhCN,
    en: async () => (await import('./thermal/en.ts')).en,
  },
  wall: {
    'zh-CN': async () => (await import('./wall/zh-CN.ts')).zhCN,
    en: async () => (await import('./wall/en.ts')).en,
  },
} as const satisfies Record<string, Record<Language, () => Promise<object>>>
type Part = keyof typeof PART_LOADERS
/** What shows photos needs their texts too. */
const COMES_WITH: Partial<Record<Part, Part>> = { incidents: 'photos', registers: 'photos' }
const shownParts = new Set<Part>()

async function loadPart(part: Part, language: Language): Promise<void> {
  if (!i18next.hasResourceBundle(language, part)) i18next.addResourceBundle(language, part, await PART_LOADERS[part][language]())
}

/** Before a part with texts of its own is shown; the part then follows every change of the language. */
export async function loadTexts(part: Part): Promise<void> {
  shownParts.add(part)
  const other = COMES_WITH[part]
  if (other) shownParts.add(other)
  // The first page begins to load before the languages do; they then bring the part along.
  if (!i18next.isInitialized) return
  const language = i18next.language === 'en' ? 'en' : 'zh-CN'
  await Promise.all([part, ...(other ? [other] : [])].map((each) => loadPart(each, language)))
}

/** Loads a language's texts and shows everything in it; the choice is kept in this browser. */
export async function setLanguage(language: Language): Promise<void> {
  const [{ dictionary, antdLocale }] = await Promise.all([LOADERS[language](), ...[...shownParts].map((part) => loadPart(part, language))])
  i18next.addResourceBundle(language, 'translation', dictionary, true, true)
  dayjs.locale(language === 'zh-CN' ? 'zh-cn' : 'en')
  document.documentElement.lang = language
  antdLocaleStore.set(antdLocale)
  await i18next.changeLanguage(language)
  try {
    localStorage.setItem(STORAGE_KEY, language)
  } catch {
    // Private windows may refuse storage; the choice then lasts until the page is closed.
  }
}

/** Before the first paint. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: rememberedLanguage(),
    fallbackLng: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await setLanguage(rememberedLanguage())
}
