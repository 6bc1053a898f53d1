import type { TeamMembers, TeamRole } from '@/api/people'
import type { TeamFact } from '@/api/types'
import { fold } from './places'

export const TEAM_ROLES: readonly TeamRole[] = ['leader', 'deputy', 'member']

export interface Membership {
  person_id: number
  role: TeamRole
}

export const membershipOf = (told: TeamMembers): Membership[] => told.members.map((m) => ({ person_id: m.person.id, role: m.role }))

/** Everybody in the team with one of them in a role; who led before is a member then. */
export function withMember(members: readonly Membership[], person_id: number, role: TeamRole): Membership[] {
  const others = members.filter((m) => m.person_id !== person_id).map((m): Membership => (role === 'leader' && m.role === 'leader' ? { ...m, role: 'member' } : m))
  return [...others, { person_id, role }]
}

/** How a team is called where there is room for one word: a team from outside has no call sign yet. */
export const signOf = (team: Pick<TeamFact, 'call_sign' | 'name_zh'>): string => team.call_sign || team.name_zh

/** Teams that a text meets by name or call sign, in the order of their call signs. */
export function teamsFound(teams: Iterable<TeamFact>, text: string): TeamFact[] {
  const words = fold(text)
  return [...teams].filter((x) => words === '' || fold(`${x.name_zh} ${x.name_en} ${x.call_sign}`).includes(words)).sort((a, b) => a.call_sign.localeCompare(b.call_sign, 'zh', { numeric: true }) || a.id - b.id)
}
