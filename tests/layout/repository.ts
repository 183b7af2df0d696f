import { execFileSync } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The repository's root folder, with a slash at its end. */
export const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Files that are, or would be, in git: relative paths with slashes. What .gitignore names is left out. */
export function repositoryFiles(): string[] {
  const output = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' })
  return [...new Set(output.split('\0'))].filter((path) => path !== '' && isThere(path)).sort()
}

/** Whether a path of the repository exists (a file that was deleted but not yet committed does not). */
export function isThere(path: string): boolean {
  return statSync(join(ROOT, path), { throwIfNoEntry: false }) !== undefined
}

export function textOf(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8')
}

/** Every module named by an import or export of a source text: static, dynamic, type-only and side-effect imports. */
export function importSpecifiers(source: string): string[] {
  const forms = [
    /^\s*(?:import|export)\s[^'"`;]*?\sfrom\s*['"]([^'"\n]+)['"]/gm,
    /^\s*import\s*['"]([^'"\n]+)['"]/gm,
    /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)/g,
  ]
  return forms.flatMap((form) => [...source.matchAll(form)].map((match) => match[1] ?? ''))
}
