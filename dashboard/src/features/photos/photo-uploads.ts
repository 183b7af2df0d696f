import { createExternalStore } from '../../client/external-store.ts'
import { uploadBytes } from '../../client/photos.ts'
import { preparePhoto } from './scale-photo.ts'

/** Where photos go. */
export interface UploadTarget {
  /** Names the place on the screen where its uploads are shown, e.g. `incident:5`. */
  place: string
  /** The address; asked for when the photo is sent, so that a record that is not begun yet can begin then. */
  url: (name: string) => string | Promise<string>
  /** The server has it; `answer` is what it said. Also called when the place is no longer on the screen. */
  onSent: (answer: { id: number }) => void
}

export interface Upload {
  key: number
  target: UploadTarget
  file: File
  status: 'waiting' | 'preparing' | 'sending' | 'failed'
  /** 0 to 1, while it is sent. */
  share: number
  error: unknown
}

/** Photos on their way, one at a time; they go on while another page is shown, and one that fails stays until it is tried again or given up. */
export const uploadsStore = createExternalStore<readonly Upload[]>([])
let lastKey = 0
let isRunning = false

function patch(key: number, changes: Partial<Upload>): void {
  uploadsStore.set(uploadsStore.get().map((upload) => (upload.key === key ? { ...upload, ...changes } : upload)))
}

export function addUploads(target: UploadTarget, files: readonly File[]): void {
  const added = files.map((file) => ({ key: ++lastKey, target, file, status: 'waiting', share: 0, error: null }) as const)
  uploadsStore.set([...uploadsStore.get(), ...added])
  void run()
}

export function retryUpload(key: number): void {
  patch(key, { status: 'waiting', share: 0, error: null })
  void run()
}

export function discardUpload(key: number): void {
  uploadsStore.set(uploadsStore.get().filter((upload) => upload.key !== key))
}

async function run(): Promise<void> {
  if (isRunning) return
  isRunning = true
  window.addEventListener('beforeunload', warnBeforeLoss)
  try {
    for (let next = nextWaiting(); next; next = nextWaiting()) await send(next)
  } finally {
    isRunning = false
    if (uploadsStore.get().length === 0) window.removeEventListener('beforeunload', warnBeforeLoss)
  }
}

function nextWaiting(): Upload | undefined {
  return uploadsStore.get().find(({ status }) => status === 'waiting')
}

async function send({ key, target, file }: Upload): Promise<void> {
  try {
    patch(key, { status: 'preparing' })
    const photo = await preparePhoto(file)
    patch(key, { status: 'sending' })
    const answer = await uploadBytes<{ id: number }>(await target.url(photo.name), photo.blob, (share) => patch(key, { share }))
    discardUpload(key)
    target.onSent(answer)
  } catch (error) {
    patch(key, { status: 'failed', error })
  }
}

function warnBeforeLoss(event: BeforeUnloadEvent): void {
  if (uploadsStore.get().length > 0) event.preventDefault()
}
