import { expect, it } from 'vitest'
import { repositoryFiles, textOf } from './repository.ts'

/** Folders of a developer's machine; written in pieces, so that this file does not find itself. */
const PRIVATE = [`/${'work'}/`, `/tmp/${'bash_jobs'}`, `/home/${'runner'}`, `/root/${'.npm'}`].map(
  // Not a part of a longer path such as src/pages/…: the slash begins the path.
  (path) => new RegExp(`(^|[^\\w.@/-])${path.replaceAll('/', '\\/').replaceAll('.', '\\.')}`, 'm'),
)
const IS_BINARY = /\.(png|jpe?g|gif|ico|woff2?|ttf|pdf|mp3|wav|ogg|snmpwalk)$/

it('names no folder of a developer’s machine', () => {
  const texts = repositoryFiles().filter((path) => !IS_BINARY.test(path))
  expect(texts.length).toBeGreaterThan(50)
  const wrong = texts.filter((path) => {
    const text = textOf(path)
    return PRIVATE.some((pattern) => pattern.test(text))
  })
  expect(wrong).toEqual([])
})

it.each([`see /${'work'}/main/x`, `"/tmp/${'bash_jobs'}.0/1"`])('finds %s', (text) => {
  expect(PRIVATE.some((pattern) => pattern.test(text))).toBe(true)
})
