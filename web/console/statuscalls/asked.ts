import { computed, ref, shallowRef, watch } from 'vue'
import { statusCalls, type StatusAsked } from '@/api/statusCalls'
import { heedIds, QUIET, silence, voice, type AlarmSound } from '@/model/alarms'
import { unreadOf, waitingOf } from '@/model/statusCalls'
import { now, serverNow } from '@/ui/clock'
import { play } from '@/ui/sound'
import { statusCallsTold } from './told'

/** What the centre asks of the units answered for here. At the centre there is none. */
export const asked = shallowRef<readonly StatusAsked[]>([])
export const askedWaiting = computed(() => waitingOf(asked.value))
/** The question whose form lies open. */
export const answeringAsked = ref<number | null>(null)

const RING_MS = 10_000
const sound = shallowRef<AlarmSound>(QUIET)
const rings = computed(() => voice(sound.value, now.value) === 'sounding')

export async function readAsked(): Promise<void> {
  asked.value = await statusCalls.mine().catch(() => asked.value)
}
export const forgetAsked = (): void => void (asked.value = [])

/** `M` silences; opening the question at any console of the unit is the acknowledgement. */
export const silenceAsked = (): void => void (sound.value = silence(sound.value, serverNow()))

watch(statusCallsTold, readAsked)
watch(askedWaiting, (waiting) => (sound.value = heedIds(sound.value, unreadOf(waiting).map((one) => one.unit.id))))

let timer: ReturnType<typeof setInterval> | undefined
watch(rings, (on) => {
  clearInterval(timer)
  if (!on) return
  play('ring')
  timer = setInterval(() => play('ring'), RING_MS)
})
