import { expect, it } from 'vitest'
import { repositoryFiles } from './repository.ts'

const REQUIRED = [
  'LICENSE',
  'README.md',
  'README.zh-CN.md',
  'agent',
  'biome.json',
  'dashboard',
  'deploy',
  'docker-compose.yml',
  'docs',
  'package-lock.json',
  'package.json',
  'server',
  'shared',
  'tests',
  'tsconfig.json',
]

it('has exactly the agreed top level, besides dot-files', () => {
  const entries = new Set(repositoryFiles().map((path) => path.split('/')[0] ?? path))
  expect([...entries].filter((name) => !name.startsWith('.')).sort()).toEqual(REQUIRED)
  expect([...entries]).toContain('.ci')
})
