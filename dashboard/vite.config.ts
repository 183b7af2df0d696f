import { minifyContractRouter } from '@orpc/contract'
import { contract } from '@roomkeeper/shared/http'
import react from '@vitejs/plugin-react'
import { defineConfig, type Plugin } from 'vite'
import { precache } from './precache.ts'

const ROUTES = 'virtual:contract-routes'

/** The contract as the client needs it: methods and paths. Without the schemas, which only the server checks by, the first load is 7 kB smaller. */
function contractRoutes(): Plugin {
  return {
    name: 'contract-routes',
    resolveId: (source) => (source === ROUTES ? `\0${ROUTES}` : undefined),
    load: (id) =>
      id === `\0${ROUTES}` ? `export const contract = ${JSON.stringify(minifyContractRouter(contract), withoutWords)}` : undefined,
  }
}

/** What only the documentation of the interface shows is another 3 kB. */
function withoutWords(key: string, value: unknown): unknown {
  if (key !== 'route' || typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([name]) => !['summary', 'description', 'tags'].includes(name)))
}

/** Where `npm run dev` finds a running Roomkeeper server. */
const serverUrl = process.env.ROOMKEEPER_DEV_SERVER ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react(), contractRoutes(), precache()],
  build: {
    outDir: 'dist',
    // Everything is served from the machine room itself: no inlined remote assets, no source maps on the wire.
    sourcemap: false,
    // Hospital PCs are old; what these lack beyond syntax (container queries) only costs looks.
    target: ['chrome100', 'edge100', 'firefox104', 'safari15.4'],
    chunkSizeWarningLimit: 700,
    manifest: true,
  },
  server: {
    port: 5173,
    proxy: {
      '/api': serverUrl,
      '/healthz': serverUrl,
      '/socket.io': { target: serverUrl, ws: true },
    },
  },
})
