import { createExternalStore } from '../../client/external-store.ts'
import { uploadPhoto } from '../../client/photos.ts'
import { refetchTopic } from '../../client/query-client.ts'
import { preparePhoto } from './scale-photo.ts'

export interface Upload {
  key: number
  incidentId: number
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

export function addUploads(incidentId: number, files: readonly File[]): void {
  const added = files.map((file) => ({ key: ++lastKey, incidentId, file, status: 'waiting', share: 0, error: null }) as const)
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

async function send({ key, incidentId, file }: Upload): Promise<void> {
  try {
    patch(key, { status: 'preparing' })
    const photo = await preparePhoto(file)
    patch(key, { status: 'sending' })
    await uploadPhoto(incidentId, photo, (share) => patch(key, { share }))
    discardUpload(key)
    refetchTopic('incidents')
  } catch (error) {
    patch(key, { status: 'failed', error })
  }
}

function warnBeforeLoss(event: BeforeUnloadEvent): void {
  if (uploadsStore.get().length > 0) event.preventDefault()
}
