import { computed, shallowRef, watch } from 'vue'
import { areasApi, type AreaKind, type NamedArea } from '@/api/areas'
import type { AreaMark } from '@/map'
import { listeners, may, screen } from '../store'
import { shows } from './layers'

export const AREA_KINDS: readonly AreaKind[] = ['flood', 'slide', 'fire', 'chemical', 'traffic', 'crowd', 'other']

/** The named areas that touch one's scope, by name; null while they were not read. */
export const areas = shallowRef<readonly NamedArea[] | null>(null)
export const areaMarks = computed<readonly AreaMark[]>(() => (shows('areas') ? (areas.value ?? []).map(({ id, name, ring }) => ({ id, name, ring })) : []))

export async function readAreas(): Promise<void> {
  areas.value = await areasApi.list().catch(() => areas.value)
}

watch(screen.state, (state) => {
  if (state === 'live' && areas.value !== null) void readAreas()
})
listeners.add((event) => {
  if (event.type.startsWith('area.')) void readAreas()
})

/** Whoever answers for all of its places may change an area; others use it. */
export const mayChange = (area: NamedArea): boolean =>
  may('command') && area.towns.every((code) => code.startsWith(screen.me.value?.scope ?? '-'))
