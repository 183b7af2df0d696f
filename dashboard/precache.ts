import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const WORKER = 'service-worker.js'

/** Builds src/worker/service-worker.ts beside index.html, with the list of everything that was built and a version that changes with it. */
export function precache(): Plugin {
  return {
    name: 'precache',
    apply: 'build',
    enforce: 'post',
    buildStart() {
      this.emitFile({ type: 'chunk', id: join(import.meta.dirname, 'src/worker/service-worker.ts'), fileName: WORKER })
    },
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        const worker = bundle[WORKER]
        if (worker?.type !== 'chunk') throw new Error(`${WORKER} was not built`)
        if (worker.imports.length > 0) throw new Error(`${WORKER} must stand alone, but imports ${worker.imports.join(', ')}`)
        const hash = createHash('sha256')
        const publicDir = join(import.meta.dirname, 'public')
        const publicFiles = readdirSync(publicDir, { recursive: true, encoding: 'utf8', withFileTypes: true })
          .filter((entry) => entry.isFile())
          .map((entry) => join(entry.parentPath, entry.name).slice(publicDir.length).replaceAll('\\', '/'))
        for (const file of publicFiles.sort()) hash.update(file).update(readFileSync(join(publicDir, file)))
        const built = Object.values(bundle).filter(({ fileName }) => fileName !== WORKER && !fileName.startsWith('.'))
        for (const file of built.sort((a, b) => (a.fileName < b.fileName ? -1 : 1)))
          hash.update(file.fileName).update(file.type === 'chunk' ? file.code : file.source)
        hash.update(worker.code)
        const files = [...built.map(({ fileName }) => `/${fileName}`), ...publicFiles]
        worker.code = `const PRECACHE=${JSON.stringify({ version: hash.digest('hex').slice(0, 12), files })};${worker.code}`
      },
    },
  }
}
