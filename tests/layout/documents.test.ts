import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isThere, repositoryFiles, textOf } from './repository.ts'

const DOCUMENTS = repositoryFiles().filter((path) => /^(README[^/]*|docs\/.*|deploy\/.*|agent\/.*|server\/.*|tests\/.*)\.md$/.test(path))

/** `a/{b,c}/d` as a/b/d and a/c/d. */
function withBracesExpanded(path: string): string[] {
  const match = /^(.*?)\{([^{}]*)\}(.*)$/.exec(path)
  if (!match) return [path]
  return (match[2] ?? '').split(',').flatMap((choice) => withBracesExpanded(`${match[1]}${choice.trim()}${match[3]}`))
}

/** Up to the first placeholder or wildcard, which stands for anything: `drivers/<name>/index.ts` asks for `drivers/`. */
function literalPart(path: string): string {
  const wild = path.search(/[<*…]|NNN/)
  return wild < 0 ? path : path.slice(0, path.lastIndexOf('/', wild))
}

/** Paths of this repository that a document's text names: from the root anywhere, and relative in links. */
export function namedPaths(document: string, text: string): string[] {
  const fromRoot = [...text.matchAll(/(?<![\w./@:~-])(?:agent|server|dashboard|shared|tests|docs|deploy|\.ci)\/[\w./<>*{},…-]*/g)].map(
    (match) => match[0],
  )
  const links = [...text.matchAll(/\]\((?!\w+:|#|\/)([^)#\s]+)[^)]*\)/g)].map((match) =>
    posix.join(posix.dirname(document), match[1] ?? ''),
  )
  return [...new Set([...fromRoot, ...links].map((path) => path.replace(/[.,]+$/, '').replace(/\/$/, '')))]
    .flatMap(withBracesExpanded)
    .map(literalPart)
}

/** The levels of a document's headings, code blocks left out. */
export function headingLevels(text: string): number[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '')
  return [...prose.matchAll(/^(#{1,6}) /gm)].map((match) => match[1]?.length ?? 0)
}

describe('documents', () => {
  it('are found', () => {
    expect(DOCUMENTS).toEqual(expect.arrayContaining(['README.md', 'README.zh-CN.md', 'docs/ARCHITECTURE.md']))
  })

  it.each(DOCUMENTS)('every path that %s names exists', (document) => {
    const missing = namedPaths(document, textOf(document)).filter((path) => !isThere(path))
    expect(missing).toEqual([])
  })

  it('sees the paths in prose, code, trees with braces, placeholders and links', () => {
    const text =
      'See `agent/src/main.ts`, docs/recipes/{a,b}.md and\n[x](../deploy/y.conf#z) or server/src/readings/<name>/index.ts; https://docs/no'
    expect(namedPaths('docs/A.md', text).sort()).toEqual(
      ['agent/src/main.ts', 'deploy/y.conf', 'docs/recipes/a.md', 'docs/recipes/b.md', 'server/src/readings'].sort(),
    )
  })
})

describe('the two READMEs', () => {
  it('have the same structure of headings', () => {
    const english = headingLevels(textOf('README.md'))
    expect(english.length).toBeGreaterThan(3)
    expect(headingLevels(textOf('README.zh-CN.md'))).toEqual(english)
  })

  it('give the same commands', () => {
    const commands = (path: string) =>
      [...new Set([...textOf(path).matchAll(/npm (?:install|start|test|run [\w:-]+)/g)].map(([text]) => text))].sort()
    expect(commands('README.zh-CN.md')).toEqual(commands('README.md'))
    expect(commands('README.md')).toEqual(expect.arrayContaining(['npm install', 'npm start', 'npm test']))
  })
})
