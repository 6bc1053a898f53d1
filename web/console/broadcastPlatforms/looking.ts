import { onUnmounted, shallowRef, type ShallowRef } from 'vue'
import { attempt } from '@/ui/notice'

const EVERY_MS = 5_000

/** Rows that are read again every few seconds while the tab is shown: links live by the second. */
export function looking<T>(read: () => Promise<readonly T[]>): { rows: ShallowRef<readonly T[] | null>; load: () => Promise<void> } {
  const rows = shallowRef<readonly T[] | null>(null)
  const load = async (): Promise<void> => {
    rows.value = (await attempt(read)) ?? rows.value
  }
  void load()
  const timer = setInterval(() => void load(), EVERY_MS)
  onUnmounted(() => clearInterval(timer))
  return { rows, load }
}
