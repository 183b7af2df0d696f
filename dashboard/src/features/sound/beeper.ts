import { createExternalStore } from '../../client/external-store.ts'
import type { Tone } from './sound-decision.ts'

/** `blocked`: the browser allows no sound before a click or key on this page. */
export const audioStore = createExternalStore<'unknown' | 'ready' | 'blocked'>('unknown')

const CYCLE_SECONDS = 1.4
/** Two falling tones, easily told from a phone; the critical one repeats twice as often. */
const TONES = [
  { hertz: 988, startSeconds: 0, lengthSeconds: 0.2 },
  { hertz: 740, startSeconds: 0.24, lengthSeconds: 0.24 },
] as const
/** The same two tones rising: who hears it knows that the sound works, and that it is a drill. */
const DRILL_HERTZ = [740, 988] as const

let context: AudioContext | undefined
let source: AudioBufferSourceNode | undefined
let playing: 'no' | Tone = 'no'

function onState(): void {
  audioStore.set(context?.state === 'running' ? 'ready' : 'blocked')
}

function openContext(): AudioContext {
  if (context) return context
  context = new AudioContext()
  context.addEventListener('statechange', onState)
  onState()
  return context
}

/** One cycle of the sound, computed: there is no sound file to load. */
function cycleBuffer(audio: AudioContext, tone: Tone): AudioBuffer {
  const repeats = tone === 'critical' ? 2 : 1
  const { sampleRate } = audio
  const buffer = audio.createBuffer(1, Math.floor(sampleRate * CYCLE_SECONDS), sampleRate)
  const samples = buffer.getChannelData(0)
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [index, { hertz: falling, startSeconds, lengthSeconds }] of TONES.entries()) {
      const hertz = tone === 'drill' ? (DRILL_HERTZ[index] ?? falling) : falling
      const first = Math.floor((startSeconds + (repeat * CYCLE_SECONDS) / repeats) * sampleRate)
      const length = Math.floor(lengthSeconds * sampleRate)
      for (let n = 0; n < length && first + n < samples.length; n++) {
        // 10 ms ramps: without them each tone begins and ends with a click.
        const ramp = Math.min(1, n / (sampleRate * 0.01), (length - n) / (sampleRate * 0.01))
        samples[first + n] = 0.35 * ramp * Math.sin((2 * Math.PI * hertz * n) / sampleRate)
      }
    }
  }
  return buffer
}

/** Sounds in a loop until told otherwise. A looped buffer, not a timer: browsers slow timers down in hidden tabs. */
export function setBeeping(next: 'no' | Tone): void {
  if (next === playing) return
  playing = next
  source?.stop()
  source = undefined
  if (next === 'no') return
  // Before the first click or key the browser refuses; asking anyway only fills its console.
  if (!context && navigator.userActivation?.hasBeenActive === false) audioStore.set('blocked')
  else play(openContext())
}

function play(audio: AudioContext): void {
  if (source || playing === 'no') return
  source = audio.createBufferSource()
  source.buffer = cycleBuffer(audio, playing)
  source.loop = true
  source.connect(audio.destination)
  source.start()
}

/** Asks the browser for sound; works only inside a click or key press. */
export function unlockAudio(): void {
  const audio = openContext()
  play(audio)
  if (audio.state !== 'running') void audio.resume().then(onState, onState)
}
