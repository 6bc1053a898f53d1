import { ref, shallowRef } from 'vue'
import { darkApi, SHEET_NOW, type ContactBoard, type Messenger, type NetworkView, type SuspectedPair } from '@/api/dark'
import type { Event } from '@/api/events'
import { isDark } from '@/model/darkLog'
import { calmly } from '../dutyDesk'

/** Who is out of contact, our own network, messengers and pairs, as last read. */
export const board = shallowRef<ContactBoard | null>(null)
export const network = shallowRef<NetworkView | null>(null)
export const messengers = shallowRef<readonly Messenger[]>([])
export const pairs = shallowRef<readonly SuspectedPair[]>([])
/** The form for what is entered after the fact is open. */
export const entering = ref(false)

const TOGETHER_MS = 150
/** How often is looked while something is out: ages and colours change without anybody's doing. */
export const LOOK_MS = 15_000

/** Reads everything again; what cannot be read stays as it was. */
export async function readDark(): Promise<void> {
  const [units, ours, out, alike] = await Promise.allSettled([darkApi.board(), darkApi.network(), darkApi.messengers(), darkApi.pairs(false)])
  if (units.status === 'fulfilled') board.value = units.value
  if (ours.status === 'fulfilled') network.value = ours.value
  if (out.status === 'fulfilled') messengers.value = out.value
  if (alike.status === 'fulfilled') pairs.value = alike.value
}

const again = calmly(readDark, TOGETHER_MS)

/** What tells of the dark changes these lists; a message that moves changes the queue while it is held. */
export function heardOfDark(event: Event): void {
  const queued = event.type.startsWith('delivery.') && network.value?.network.state === 'offline'
  if (isDark(event) || queued) again()
}

/** Looks every so often while something is out of contact or waits; the caller is a frame that stays. */
export function keepLooking(): () => void {
  const timer = setInterval(() => {
    const out = board.value?.units.some((u) => u.state !== 'ok') ?? false
    if (out || network.value?.network.state !== 'online' || messengers.value.some((m) => m.back_at === null)) void readDark()
  }, LOOK_MS)
  return () => clearInterval(timer)
}

/** Opens the sheet of this instant in the browser's own viewer, ready to be printed. */
export const printSheet = (): void => void window.open(SHEET_NOW, '_blank', 'noopener')
