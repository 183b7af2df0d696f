/**
 * The browser's own database: it outlives the page, the browser and a restart of the telephone. Four stores: papers (by key), files (photos, by local
 * id), kept (what pages need without a connection, by name), lease (which tab sends).
 */
const NAME = 'roomkeeper-offline'
const VERSION = 1
export type StoreName = 'papers' | 'files' | 'kept' | 'lease'

let opened: Promise<IDBDatabase> | undefined

function open(): Promise<IDBDatabase> {
  opened ??= new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION)
    request.onupgradeneeded = () => {
      const db = request.result
      db.createObjectStore('papers', { keyPath: 'key' })
      db.createObjectStore('files', { keyPath: 'id' })
      db.createObjectStore('kept')
      db.createObjectStore('lease')
    }
    request.onsuccess = () => {
      // A later version in another tab must not wait for this one.
      request.result.onversionchange = () => request.result.close()
      request.result.onclose = () => {
        opened = undefined
      }
      resolve(request.result)
    }
    request.onerror = () => reject(request.error ?? new Error('no database'))
  }).catch((error: unknown) => {
    opened = undefined
    throw error
  })
  return opened
}

/** One transaction; resolves when it is on the disk, with what `work` put into its result. Fails when the browser refuses storage (private window, full disk). */
export async function transact<T>(
  store: StoreName,
  mode: IDBTransactionMode,
  work: (store: IDBObjectStore, done: (result: T) => void) => void,
): Promise<T | undefined> {
  const db = await open()
  return await new Promise<T | undefined>((resolve, reject) => {
    const transaction = db.transaction(store, mode, { durability: 'strict' })
    let result: T | undefined
    transaction.oncomplete = () => resolve(result)
    transaction.onabort = () => reject(transaction.error ?? new Error('the database took the change back'))
    work(transaction.objectStore(store), (value) => {
      result = value
    })
  })
}

export function readRow<T>(store: StoreName, key: IDBValidKey): Promise<T | undefined> {
  return transact<T>(store, 'readonly', (rows, done) => {
    const request = rows.get(key)
    request.onsuccess = () => done(request.result as T)
  })
}

export async function readRows<T>(store: StoreName): Promise<T[]> {
  const rows = await transact<T[]>(store, 'readonly', (all, done) => {
    const request = all.getAll()
    request.onsuccess = () => done(request.result as T[])
  })
  return rows ?? []
}

/** Reads, changes and writes one row in one transaction; `change` gives undefined to leave it as it is. */
export function changeRow<T>(store: StoreName, key: IDBValidKey, change: (row: T | undefined) => T | undefined): Promise<T | undefined> {
  return transact<T>(store, 'readwrite', (rows, done) => {
    const request = rows.get(key)
    request.onsuccess = () => {
      const next = change(request.result as T | undefined)
      if (next === undefined) return
      if (rows.keyPath === null) rows.put(next, key)
      else rows.put(next)
      done(next)
    }
  })
}

export async function removeRow(store: StoreName, key: IDBValidKey): Promise<void> {
  await transact(store, 'readwrite', (rows) => void rows.delete(key))
}
