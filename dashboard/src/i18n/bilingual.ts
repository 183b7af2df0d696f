/** A name in both languages, as the shared model gives it. */
export interface Bilingual {
  zh: string
  en: string
}

export function inLanguage(text: Bilingual, language: string): string {
  return language.startsWith('zh') ? text.zh : text.en
}

/** Names of a device or point as the server keeps them: `nameEn` is empty where the agent gives none or a person named it. */
export interface Names {
  name: string
  nameEn: string
}

/** The name to show of a device or point; empty when it has none. What has no English name keeps its only one. */
export function nameIn({ name, nameEn }: Names, language: string): string {
  return language.startsWith('zh') ? name : nameEn || name
}

const HAN = /\p{Script=Han}/u

const SEPARATOR = / [/·] /g

/**
 * Sentences from the shared schemas and from the server carry both languages as `中文 / English`, those of settings as `中文 · English`.
 * Gives the half that is wanted; a sentence in one language is given as it is.
 */
export function halfOf(sentence: string, language: string): string {
  SEPARATOR.lastIndex = 0
  for (let match = SEPARATOR.exec(sentence); match; match = SEPARATOR.exec(sentence)) {
    const zh = sentence.slice(0, match.index)
    const en = sentence.slice(match.index + 3)
    if (HAN.test(zh) && !HAN.test(en) && /[A-Za-z0-9]/.test(en)) return language.startsWith('zh') ? zh : en.replace(/^\/ /, '')
    // The space behind one separator may be the one before the next.
    SEPARATOR.lastIndex = match.index + 1
  }
  return sentence
}
