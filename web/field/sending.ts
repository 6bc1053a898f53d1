import { computed, ref, shallowRef } from 'vue'
import { http, newKey, Refusal } from '@/api/client'
import { serverNow } from '@/ui/clock'
import { Outbox, type Parcel } from './outbox'
import { openShelf, type Book, type Done } from './shelf'

/** What is to be sent, before the phone adds who says it, when, and under which key. */
export type Draft = Omit<Parcel, 'id' | 'key' | 'account' | 'at'> & { readonly key?: string }

export interface Sender {
  /** The number of the account that is logged in, null before anybody is known. */
  account(): number | null
  onAnswer(parcel: Parcel, answer: unknown): void
  onRefused(parcel: Parcel, refusal: Refusal): void
}

const WORDS_MS = 20_000
/** A file may take its time: as slow as a bad 2G link. */
const FILE_BYTES_PER_MS = 4

export const waiting = shallowRef<readonly Parcel[]>([])
export const done = shallowRef<readonly Done[]>([])
/** When the server last took something, in its own time. */
export const sentAt = ref<number | null>(null)
export const refusedCount = computed(() => done.value.filter((d) => d.refused !== null).length)

let outbox: Outbox | null = null
let book: Book | null = null
let sender: Sender | null = null

async function note(parcel: Parcel, refused: Done['refused']): Promise<void> {
  const { body, ...kept } = parcel
  void body
  await book?.note({ parcel: kept, doneAt: serverNow(), refused })
  done.value = (await book?.last()) ?? []
}

const patience = (body: unknown): number => (body instanceof Blob ? WORDS_MS + body.size / FILE_BYTES_PER_MS : WORDS_MS)

/** Opens the box once; a new login on this phone finds it open. */
export async function openOutbox(by: Sender): Promise<void> {
  if (sender !== null) return
  sender = by
  const shelf = await openShelf()
  book = shelf
  outbox = new Outbox(shelf, {
    async send(parcel) {
      const answer = await http.post(parcel.path, parcel.body, parcel.key, patience(parcel.body))
      by.onAnswer(parcel, answer)
      return answer
    },
    mine: (parcel) => parcel.account === by.account(),
    onChange: (now) => (waiting.value = now),
    onSent(parcel) {
      sentAt.value = serverNow()
      void note(parcel, null)
    },
    onRefused(parcel, refusal) {
      const { zh, en } = refusal.problem
      void note(parcel, { zh, en })
      by.onRefused(parcel, refusal)
    },
  })
  waiting.value = await shelf.all()
  done.value = await shelf.last()
}

/** Puts what is said into the box; the parcels go in this order. */
export async function send(...drafts: Draft[]): Promise<void> {
  const account = sender?.account() ?? null
  if (account === null) return
  await outbox?.put(...drafts.map((d) => ({ ...d, key: d.key ?? newKey(), account, at: serverNow() })))
}

export const flush = async (): Promise<void> => outbox?.flush()
