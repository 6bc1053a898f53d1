import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { readinessApi, type Board } from '@/api/readiness'
import { isStandby } from '@/model/standbyLog'
import { attempt } from '@/ui/notice'

/** The board as last read; `day` empty means today, whatever day that becomes at midnight. */
export const board = shallowRef<Board | null>(null)
export const day = ref('')
/** Goes up whenever somebody changed readiness: what is drawn is read again. */
export const told = ref(0)

export function heardOfReadiness(event: Event): void {
  if (isStandby(event)) told.value += 1
}

export async function readBoard(): Promise<void> {
  const asked = day.value
  const found = await attempt(() => readinessApi.board(asked))
  if (found !== undefined && asked === day.value) board.value = found
}
