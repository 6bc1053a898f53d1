import { computed, ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { drillsApi, type DrillBoard } from '@/api/drills'
import { isDrill } from '@/model/drillLog'
import { calmly } from '../dutyDesk'

/** The drills as last read: every page says that one is running. */
export const board = shallowRef<DrillBoard | null>(null)
export const underWay = computed(() => (board.value?.drills ?? []).filter((d) => d.state === 'running' || d.state === 'paused'))
/** Goes up whenever a drill, an inject or a task changed, or what an inject expects may have been done. */
export const drillsTold = ref(0)

const TOGETHER_MS = 200
const DOING: ReadonlySet<string> = new Set(['intake', 'alarm', 'assignment', 'incident', 'order', 'broadcast'])
const again = calmly(() => void readDrills(), TOGETHER_MS)
const counted = calmly(() => (drillsTold.value += 1), TOGETHER_MS)

export async function readDrills(): Promise<void> {
  board.value = await drillsApi.board().catch(() => board.value)
  drillsTold.value += 1
}

export function heardOfDrills(event: Event): void {
  if (isDrill(event)) again()
  else if (underWay.value.length > 0 && DOING.has(event.type.split('.')[0] ?? '')) counted()
}
