/**
 * Prints what a browser loads before the first chart: index.html's own scripts and styles, and the chunks of the
 * overview page with everything they import, gzipped. Fails above the budget. Run after `npm run build`.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const BUDGET_BYTES = 350 * 1000
const DIST_DIR = join(import.meta.dirname, 'dist')

interface ManifestChunk {
  file: string
  imports?: string[]
  dynamicImports?: string[]
  css?: string[]
}
const manifest = JSON.parse(readFileSync(join(DIST_DIR, '.vite', 'manifest.json'), 'utf8')) as Record<string, ManifestChunk>

function collect(key: string, files: Set<string>): Set<string> {
  const chunk = manifest[key]
  if (!chunk) throw new Error(`${key} is not in the manifest; the list of first-load pages is out of date`)
  if (files.has(chunk.file)) return files
  files.add(chunk.file)
  for (const css of chunk.css ?? []) files.add(css)
  for (const each of chunk.imports ?? []) collect(each, files)
  return files
}

const ENTRY_KEYS = ['index.html', 'src/i18n/zh-CN.ts']
const PAGE_KEYS: Record<string, string[]> = {
  'sign-in': ['src/pages/sign-in/SignInPage.tsx'],
  overview: ['src/pages/overview/OverviewPage.tsx'],
  'sign-in + overview': ['src/pages/sign-in/SignInPage.tsx', 'src/pages/overview/OverviewPage.tsx'],
  'room (with charts)': ['src/pages/room/RoomPage.tsx'],
}

function gzipBytes(file: string): number {
  return gzipSync(readFileSync(join(DIST_DIR, file))).length
}

let isOver = false
for (const [name, keys] of Object.entries(PAGE_KEYS)) {
  const files = new Set<string>()
  for (const key of [...ENTRY_KEYS, ...keys]) collect(key, files)
  const bytes = [...files].reduce((sum, file) => sum + gzipBytes(file), 0)
  const isBudgeted = !name.startsWith('room')
  if (isBudgeted && bytes > BUDGET_BYTES) isOver = true
  console.log(
    `${name.padEnd(20)} ${(bytes / 1000).toFixed(1).padStart(7)} kB gzip in ${files.size} files${isBudgeted ? ` (budget ${BUDGET_BYTES / 1000} kB)` : ''}`,
  )
  if (process.argv.includes('--files'))
    for (const file of files) console.log(`  ${(gzipBytes(file) / 1000).toFixed(1).padStart(7)} kB  ${file}`)
}
process.exitCode = isOver ? 1 : 0
