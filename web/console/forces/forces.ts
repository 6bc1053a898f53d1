import { computed, ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { forceRegisterApi, type ForceTeam } from '@/api/forceRegister'
import { peopleApi, type Unit } from '@/api/people'
import { isForceRegister } from '@/model/forceRegisterLog'
import { attempt } from '@/ui/notice'
import { calmly } from '../dutyDesk'

/** The teams of the register as last read, retired ones too, and the units that may keep equipment. */
export const teams = shallowRef<readonly ForceTeam[]>([])
export const forceUnits = shallowRef<readonly Unit[]>([])
export const serving = computed(() => teams.value.filter((t) => t.active))
/** Goes up whenever somebody changed the register or a team goes out: what is drawn is read again. */
export const forcesTold = ref(0)

const TOGETHER_MS = 150
const again = calmly(() => (forcesTold.value += 1), TOGETHER_MS)

export function heardOfForces(event: Event): void {
  if (isForceRegister(event) || event.type.startsWith('team.') || event.type.startsWith('assignment.')) again()
}

export async function readTeams(): Promise<void> {
  teams.value = (await attempt(forceRegisterApi.teams)) ?? teams.value
}

export async function readForceUnits(): Promise<void> {
  forceUnits.value = ((await attempt(peopleApi.units)) ?? []).filter((u) => u.active)
}
