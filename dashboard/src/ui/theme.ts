import { createExternalStore, useExternalStore } from '../client/external-store.ts'

export const THEME_CHOICES = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof THEME_CHOICES)[number]

const STORAGE_KEY = 'roomkeeper.theme'
const systemDark = window.matchMedia('(prefers-color-scheme: dark)')

/** As the system has it, unless this browser chose one. */
function rememberedChoice(): ThemeChoice {
  try {
    const text = localStorage.getItem(STORAGE_KEY)
    return text === 'light' || text === 'dark' ? text : 'system'
  } catch {
    return 'system'
  }
}

const choiceStore = createExternalStore<ThemeChoice>(rememberedChoice())
const darkStore = createExternalStore(false)

function isDarkNow(): boolean {
  const choice = choiceStore.get()
  return choice === 'dark' || (choice === 'system' && systemDark.matches)
}

/** theme.css takes its colours from the attribute. */
function apply(): void {
  darkStore.set(isDarkNow())
  document.documentElement.dataset.theme = darkStore.get() ? 'dark' : 'light'
}

/** Before the first paint. */
export function startTheme(): void {
  systemDark.addEventListener('change', apply)
  apply()
}

/** Shows everything in it; the choice is kept in this browser. */
export function setThemeChoice(choice: ThemeChoice): void {
  choiceStore.set(choice)
  apply()
  try {
    localStorage.setItem(STORAGE_KEY, choice)
  } catch {
    // Private windows may refuse storage; the choice then lasts until the page is closed.
  }
}

export function useThemeChoice(): ThemeChoice {
  return useExternalStore(choiceStore)
}

export function useIsDark(): boolean {
  return useExternalStore(darkStore)
}
