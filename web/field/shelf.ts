import { openDB } from 'idb'
import type { Parcel, Shelf } from './outbox'

/** What became of a parcel, kept so that its sender can look. */
export interface Done {
  readonly id?: number
  readonly parcel: Omit<Parcel, 'body'>
  readonly doneAt: number
  /** The server's sentence when it refused, null when it took it. */
  readonly refused: { readonly zh: string; readonly en: string } | null
}

export interface Book {
  note(done: Done): Promise<void>
  /** The latest first. */
  last(): Promise<Done[]>
}

const KEPT = 50

/** The outbox on the phone: survives a reload, a dead battery, an update of the page. */
export async function openShelf(): Promise<Shelf & Book> {
  const db = await openDB<{ parcels: { key: number; value: Parcel }; done: { key: number; value: Done } }>('zhishou-field', 2, {
    upgrade(fresh, before) {
      if (before < 1) fresh.createObjectStore('parcels', { keyPath: 'id', autoIncrement: true })
      if (before < 2) fresh.createObjectStore('done', { keyPath: 'id', autoIncrement: true })
    },
  })
  return {
    add: (parcel) => db.add('parcels', parcel),
    all: () => db.getAll('parcels'),
    put: (parcel) => db.put('parcels', parcel),
    remove: (id) => db.delete('parcels', id),
    async note(done) {
      await db.add('done', done)
      const keys = await db.getAllKeys('done')
      for (const key of keys.slice(0, -KEPT)) await db.delete('done', key)
    },
    last: async () => (await db.getAll('done')).reverse(),
  }
}
