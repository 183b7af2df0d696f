import { open, readFile, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Makes a folder's entries (new, renamed, deleted files) survive a power loss. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/**
 * Replaces a small JSON file as a whole: readers see the old or the new content, never a part.
 * With `isDurable` it has reached the disk when this resolves; without, a power loss may bring back the old content.
 */
export async function replaceJson(path: string, content: unknown, isDurable: boolean): Promise<void> {
  const temporary = `${path}.tmp`
  const handle = await open(temporary, 'w', 0o600)
  try {
    await handle.writeFile(JSON.stringify(content))
    if (isDurable) await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, path)
  if (isDurable) await syncFolder(dirname(path))
}

/** The content of a JSON file; undefined when it does not exist or is no JSON (`onDamage` hears of the latter). */
export async function readJson(path: string, onDamage: (error: unknown) => void): Promise<unknown> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  try {
    return JSON.parse(text)
  } catch (error) {
    onDamage(error)
    return undefined
  }
}
