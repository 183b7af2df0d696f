import { readFile, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { promisify } from 'node:util'
import { gzip } from 'node:zlib'
import express, { type RequestHandler, Router } from 'express'

const compress = promisify(gzip)
/** Text that shrinks; pictures and fonts are compressed already. */
const COMPRESSIBLE = new Set(['.js', '.css', '.html', '.json', '.svg', '.webmanifest'])
/** File names under /assets carry a hash of their content, so they never change. */
const FOREVER = 'public, max-age=31536000, immutable'

/** The built dashboard: its files, and index.html for every other page address (the router is in the browser). */
export function dashboardFiles(dashboardDir: string): Router {
  const router = Router()
  router.use(compressedFiles(dashboardDir))
  router.use(
    express.static(dashboardDir, {
      index: false,
      dotfiles: 'ignore',
      // The service worker and index.html must be asked for again each time, or an update never arrives.
      setHeaders: (response, path) => response.setHeader('cache-control', cacheControl(path)),
    }),
  )
  router.get('/{*path}', (request, response, next) => {
    // A missing file is missing; answering it with the page would hide that.
    if (extname(request.path) !== '' || request.path.includes('/.')) return next()
    response.setHeader('cache-control', 'no-cache')
    response.sendFile('index.html', { root: dashboardDir, cacheControl: false }, (error) => {
      if (error && !response.headersSent) response.status(404).type('html').send(NOT_BUILT)
    })
  })
  return router
}

function cacheControl(path: string): string {
  return /[\\/]assets[\\/]/.test(path) ? FOREVER : 'no-cache'
}

/** Each file is compressed once, at its first request: a few hundred kB of memory for a first load three times smaller. */
function compressedFiles(dashboardDir: string): RequestHandler {
  const known = new Map<string, { modifiedMs: number; bytes: Buffer }>()
  return async (request, response, next) => {
    const path = request.path
    if (request.method !== 'GET' || !COMPRESSIBLE.has(extname(path)) || request.acceptsEncodings('gzip') === false) return next()
    if (!/^(\/[\w-][\w.-]*)+$/.test(path)) return next()
    const file = join(dashboardDir, path)
    try {
      const { mtimeMs } = await stat(file)
      const cached = known.get(file)
      const bytes = cached?.modifiedMs === mtimeMs ? cached.bytes : await compress(await readFile(file))
      known.set(file, { modifiedMs: mtimeMs, bytes })
      response.setHeader('vary', 'accept-encoding')
      response.setHeader('cache-control', cacheControl(file))
      response.setHeader('content-encoding', 'gzip')
      response.type(extname(path)).send(bytes)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return next()
      next(error)
    }
  }
}

const NOT_BUILT = `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>机房管家 / Roomkeeper</title>
<body style="font:16px/1.6 system-ui;max-width:40em;margin:4em auto;padding:0 1em">
<h1>机房管家 / Roomkeeper</h1>
<p>服务器正在运行，但界面还没有构建。请在程序目录运行 <code>npm run build</code>，然后刷新本页。</p>
<p>The server is running, but the dashboard has not been built. Run <code>npm run build</code> in the program's directory and reload this page.</p>
</body></html>`
