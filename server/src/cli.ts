import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

// Keeps the stripped and compiled sources beside the dependencies: less memory and a quicker start. A folder that cannot be written
// changes nothing else.
enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/roomkeeper', import.meta.url)))
if (process.argv[2] === 'watchdog') await import('./watchdog/program.ts')
else if (process.argv[2] === 'doctor') await import('./doctor/program.ts')
else await import('./commands.ts')
