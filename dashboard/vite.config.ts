import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** Where `npm run dev` finds a running Roomkeeper server. */
const serverUrl = process.env.ROOMKEEPER_DEV_SERVER ?? 'http://localhost:8080'

export default defineConfig({
  plugins: [react()],
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
