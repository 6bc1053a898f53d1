import { onMounted, onUnmounted, ref, shallowRef, watch } from 'vue'
import type { Event } from '@/api/events'
import type { LeaderCall } from '@/api/types'
import { isDuty } from '@/model/dutyLog'

/** Counts what was told of duty, so that whoever shows it knows when to look again. */
export const dutyTold = ref(0)

/** The last call to the leader of a shift, by shift. */
export const leaderCalls = shallowRef<ReadonlyMap<number, LeaderCall>>(new Map())

export const putLeaderCall = (call: LeaderCall): void => {
  leaderCalls.value = new Map([...leaderCalls.value, [call.shift_id, call]])
}

export function heardOfDuty(event: Event): void {
  if (!isDuty(event)) return
  dutyTold.value += 1
  if (event.type === 'presence.leader_called' || event.type === 'presence.leader_replaced') putLeaderCall(event.call)
}

const SOON_MS = 300

/** Reads at once, and again soon after duty changed: many events in one breath are one reading. */
export function useReading(read: () => Promise<void>): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  onMounted(read)
  watch(dutyTold, () => {
    clearTimeout(timer)
    timer = setTimeout(() => void read(), SOON_MS)
  })
  onUnmounted(() => clearTimeout(timer))
}

/** The code of the refusal that a leader may lift with a reason: longer than a day at a stretch. */
export const TOO_LONG = 'continuous_exceeded'
