import type { ForceTeam } from '@/api/forceRegister'
import { fold } from './places'

export type TeamState = '' | 'out' | 'standby' | 'off' | 'lacking' | 'retired'
export const TEAM_STATES = ['out', 'standby', 'off', 'lacking', 'retired'] as const satisfies readonly TeamState[]

export const stateOf = (team: ForceTeam): 'out' | 'standby' | 'off' | 'retired' => (!team.active ? 'retired' : team.out ? 'out' : team.standby ? 'standby' : 'off')

/** Whether a team is asked for; a retired one only by its state. */
export function isWanted(team: ForceTeam, wanted: { text: string; unit: number | null; place: string; state: TeamState }): boolean {
  if (wanted.state === '' ? !team.active : wanted.state === 'lacking' ? !team.active || team.lacking.length === 0 : stateOf(team) !== wanted.state) return false
  if (wanted.unit !== null && team.unit_id !== wanted.unit) return false
  if (wanted.place !== '' && !team.region_code.startsWith(wanted.place)) return false
  const words = fold(wanted.text)
  return words === '' || fold(`${team.name_zh}${team.name_en}${team.call_sign}${team.leader_name ?? ''}`).includes(words)
}

const plain = (value: unknown): string => (value === null || value === undefined ? '' : Array.isArray(value) ? value.map(String).join('、') : String(value))

/** The fields in which what was typed differs from what somebody else saved meanwhile. */
export function differences<D extends object>(mine: D, theirs: D): { field: keyof D & string; mine: string; theirs: string }[] {
  return (Object.keys(mine) as (keyof D & string)[])
    .map((field) => ({ field, mine: plain(mine[field]), theirs: plain(theirs[field]) }))
    .filter((one) => one.mine !== one.theirs)
}

/** Days until a date; negative once it has passed. */
export const daysTo = (day: string, nowMs: number): number => Math.ceil((Date.parse(day) - nowMs) / 86_400_000)
