import { computed, ref, shallowRef, watch } from 'vue'
import { mapApi } from '@/api/map'
import type { Trail } from '@/map'
import { ms } from '@/model/time'
import { extended } from '@/model/trail'
import { fixTime } from '@/model/units'
import { serverNow } from '@/ui/clock'
import { attempt } from '@/ui/notice'
import { positionsByDevice } from '../store'

/** How far back a trail goes, in minutes. */
export const SPANS = [30, 120, 480, 1440] as const
export type Span = (typeof SPANS)[number]

/** The team whose card lies on the map. */
export const chosenTeam = ref<number | null>(null)
/** The span of the trail that is drawn, null for none. */
export const trailSpan = ref<Span | null>(null)
/** null: not read yet. */
export const trails = shallowRef<readonly Trail[] | null>(null)
/** The time the trail was asked for. */
export const trailWindow = shallowRef({ from: 0, to: 0 })

export const trailPoints = computed(() => (trails.value ?? []).reduce((sum, one) => sum + one.dots.length, 0))
export const trailSince = computed(() => Math.min(...(trails.value ?? []).map((one) => one.dots[0]?.at ?? Infinity)))

export function choose(team: number | null): void {
  if (team === chosenTeam.value) return
  chosenTeam.value = team
  stopTrail()
}

export function stopTrail(): void {
  trailSpan.value = null
  trails.value = null
}

export async function startTrail(span: Span): Promise<void> {
  const team = chosenTeam.value
  if (team === null) return
  trailSpan.value = span
  trails.value = null
  const told = await attempt(() => mapApi.trail(team, span))
  // Meanwhile another team or another span may have been chosen.
  if (team !== chosenTeam.value || span !== trailSpan.value) return
  if (told === undefined) return stopTrail()
  const to = serverNow()
  trailWindow.value = { from: to - span * 60_000, to }
  trails.value = told.map((one) => ({ device: one.device_id, dots: one.points.map(({ lon, lat, at }) => ({ lon, lat, at: ms(at) })) }))
}

/** What is drawn grows by what comes in. */
watch(positionsByDevice, (positions) => {
  if (trails.value === null || chosenTeam.value === null) return
  const grown = trails.value.map((one) => {
    const at = positions.get(one.device)
    const dots = at === undefined ? one.dots : extended(one.dots, { lon: at.lon, lat: at.lat, at: fixTime(at) })
    return dots === one.dots ? one : { ...one, dots }
  })
  if (grown.some((one, n) => one !== trails.value?.[n])) {
    trailWindow.value = { from: trailWindow.value.from, to: serverNow() }
    trails.value = grown
  }
})
