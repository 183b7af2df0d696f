// Worker thread of fits.ts: a fit takes tens to hundreds of milliseconds, for which neither readings nor alarms wait.
import { serveRequests } from '../readings/embedded/worker-server.ts'
import type { FitRequests } from './fits.ts'
import { learnGap, mergeGaps } from './heating-model.ts'

serveRequests<FitRequests>({
  learn: ({ samples, startMs, endMs }) => learnGap(samples, startMs, endMs),
  merge: ({ gaps }) => mergeGaps(gaps),
})
