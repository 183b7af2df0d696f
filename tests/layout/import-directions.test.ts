import { posix } from 'node:path'
import { describe, expect, it } from 'vitest'
import { importSpecifiers, repositoryFiles, textOf } from './repository.ts'

/** Who may import whom. Tests beside the code may also use `tests`, which may use everything. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  shared: [],
  agent: ['shared'],
  server: ['shared'],
  dashboard: ['shared'],
}
const IS_TEST = /\.test\.tsx?$/

function partOf(file: string, specifier: string): string | undefined {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(file), specifier).split('/')[0]
  return /^@roomkeeper\/([^/]+)/.exec(specifier)?.[1]
}

export function forbiddenImports(file: string, source: string): string[] {
  const own = file.split('/')[0] ?? ''
  const allowed = new Set([own, ...(MAY_IMPORT[own] ?? []), ...(IS_TEST.test(file) ? ['tests'] : [])])
  return importSpecifiers(source).filter((specifier) => {
    const part = partOf(file, specifier)
    return part !== undefined && !allowed.has(part)
  })
}

describe('import directions', () => {
  const files = repositoryFiles().filter((path) => /^(shared|agent|server|dashboard)\/src\/.*\.(ts|tsx|js)$/.test(path))

  it('looks at all four parts', () => {
    expect(new Set(files.map((path) => path.split('/')[0]))).toEqual(new Set(Object.keys(MAY_IMPORT)))
  })

  it('agent, server and dashboard import only shared, and shared imports none of them', () => {
    const wrong = files.flatMap((file) => forbiddenImports(file, textOf(file)).map((specifier) => `${file} imports ${specifier}`))
    expect(wrong).toEqual([])
  })

  it.each([
    ['agent/src/main.ts', `import { a } from '../../server/src/main.ts'`],
    ['agent/src/main.ts', `import type { A } from '@roomkeeper/server'`],
    ['dashboard/src/app/App.tsx', `const page = import('../../../server/src/api/base.ts')`],
    ['shared/src/units.ts', `export * from '../../agent/src/main.ts'`],
    ['server/src/main.ts', `import '../../tests/kit/clock.ts'`],
    ['server/src/main.ts', `import {\n  a,\n  b,\n} from '../../agent/src/main.ts'`],
  ])('finds a forbidden import in %s: %s', (file, source) => {
    expect(forbiddenImports(file, source)).toHaveLength(1)
  })

  it.each([
    ['agent/src/main.ts', `import { z } from 'zod'\nimport { a } from '@roomkeeper/shared/model'\nimport { b } from './drivers/index.ts'`],
    ['agent/src/drivers/nut/nut.test.ts', `import { a } from '../../../../tests/kit/driver-contract.ts'`],
  ])('allows what is allowed in %s', (file, source) => {
    expect(forbiddenImports(file, source)).toEqual([])
  })
})
