import { openDB } from 'idb'
import type { Parcel, Shelf } from './outbox'

/** The outbox on the phone: survives a reload, a dead battery, an update of the page. */
export async function openShelf(): Promise<Shelf> {
  const db = await openDB<{ parcels: { key: number; value: Parcel } }>('zhishou-field', 1, {
    upgrade(fresh) {
      fresh.createObjectStore('parcels', { keyPath: 'id', autoIncrement: true })
    },
  })
  return {
    add: (parcel) => db.add('parcels', parcel),
    all: () => db.getAll('parcels'),
    remove: (id) => db.delete('parcels', id),
  }
}
