import { computed, ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { peopleApi, type Group, type PeopleTotals, type Unit, type UnitKind } from '@/api/people'
import { isPeopleEvent } from '@/model/peopleLog'
import { screen } from '../store'

/** Units, their kinds and the totals, as last read; people themselves are asked for page by page. */
export const units = shallowRef<readonly Unit[]>([])
export const kinds = shallowRef<readonly UnitKind[]>([])
export const totals = shallowRef<PeopleTotals | null>(null)
export const groups = shallowRef<readonly Group[]>([])
/** Counts what was told about people, so that whoever shows some knows when to look again. */
export const peopleTold = ref(0)

export const unitById = computed(() => new Map(units.value.map((u) => [u.id, u])))
/** The first nine digits of what this viewer answers for: the county's own or the township's. */
export const homePrefix = computed(() => (screen.me.value?.scope ?? '').padEnd(9, '0').slice(0, 9))

export async function readUnits(): Promise<void> {
  const [all, some, sums] = await Promise.all([
    peopleApi.units().catch(() => null),
    peopleApi.unitKinds().catch(() => null),
    peopleApi.totals().catch(() => null),
  ])
  if (all !== null) units.value = all
  if (some !== null) kinds.value = some
  totals.value = sums ?? totals.value
}

export async function readGroups(): Promise<void> {
  groups.value = (await peopleApi.groups().catch(() => null)) ?? groups.value
}

let waiting: ReturnType<typeof setTimeout> | undefined
const TOGETHER_MS = 150

/** Several events of one edit are one reason to look again. */
export function heardOfPeople(event: Event): void {
  if (!isPeopleEvent(event)) return
  clearTimeout(waiting)
  waiting = setTimeout(() => (peopleTold.value += 1), TOGETHER_MS)
}
