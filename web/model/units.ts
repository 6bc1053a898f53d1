import type { AssignmentFact, AssignmentState, PositionFact, TeamFact } from '@/api/types'
import { isActive, sinceOf } from './steps'
import { ms } from './time'

/** A team's status is derived: from its assignments first, then from its standby. */
export type UnitStatus = 'available' | 'dispatched' | 'acknowledged' | 'en_route' | 'on_scene' | 'off_duty'

export type Freshness = 'fresh' | 'hollow' | 'dashed'

const HOLLOW_AFTER_MS = 2 * 60_000
const DASHED_AFTER_MS = 10 * 60_000

export interface UnitRow {
  readonly team: TeamFact
  readonly status: UnitStatus
  readonly assignment: AssignmentFact | null
  readonly position: PositionFact | null
  /** Instant the status began, where it is known. */
  readonly since: string | null
}

/** The device's own time counts: a position delivered late is old, however lately it was heard. */
export function fixTime(position: Pick<PositionFact, 'fixed_at' | 'heard_at'>): number {
  const heard = ms(position.heard_at)
  return position.fixed_at === null ? heard : Math.min(ms(position.fixed_at), heard)
}

export function freshness(ageMs: number): Freshness {
  if (ageMs > DASHED_AFTER_MS) return 'dashed'
  return ageMs > HOLLOW_AFTER_MS ? 'hollow' : 'fresh'
}

/** Out of contact: no position younger than the limit; a team without any device never had contact. */
export function outOfContact(row: UnitRow, now: number, limitS: number): boolean {
  return row.position !== null && now - fixTime(row.position) > limitS * 1000
}

const ADVANCE: Partial<Record<AssignmentState, number>> = {
  dispatched: 1,
  acknowledged: 2,
  en_route: 3,
  on_scene: 4,
}

function latestPositions(positions: Iterable<PositionFact>): Map<number, PositionFact> {
  const latest = new Map<number, PositionFact>()
  for (const position of positions) {
    if (position.team_id === null) continue
    const known = latest.get(position.team_id)
    if (known === undefined || fixTime(known) < fixTime(position)) latest.set(position.team_id, position)
  }
  return latest
}

/** The task a team is furthest along with; two at once is possible and the further one shows, a drill only alone. */
function currentTasks(assignments: Iterable<AssignmentFact>): Map<number, AssignmentFact> {
  const tasks = new Map<number, AssignmentFact>()
  for (const assignment of assignments) {
    if (!isActive(assignment.state)) continue
    const known = tasks.get(assignment.team_id)
    const further = known === undefined || (known.drill && !assignment.drill) || (known.drill === assignment.drill && (ADVANCE[assignment.state] ?? 0) > (ADVANCE[known.state] ?? 0))
    if (further) tasks.set(assignment.team_id, assignment)
  }
  return tasks
}

function statusOf(team: TeamFact, task: AssignmentFact | undefined): UnitStatus {
  // A team out for a drill is there for anything in earnest.
  if (task === undefined || task.drill) return team.standby ? 'available' : 'off_duty'
  switch (task.state) {
    case 'dispatched':
    case 'acknowledged':
    case 'en_route':
    case 'on_scene':
      return task.state
    default:
      return team.standby ? 'available' : 'off_duty'
  }
}

const byName = new Intl.Collator('zh-CN', { numeric: true })

const ORDER: Record<UnitStatus, number> = {
  dispatched: 0,
  acknowledged: 1,
  en_route: 2,
  on_scene: 3,
  available: 4,
  off_duty: 5,
}

export type TaskRow = Omit<UnitRow, 'position'>

/** All teams with what they are at, the committed ones first, then by call sign. */
export function taskRows(teams: Iterable<TeamFact>, assignments: Iterable<AssignmentFact>): TaskRow[] {
  const tasks = currentTasks(assignments)
  return [...teams]
    .map((team) => {
      const task = tasks.get(team.id)
      return { team, status: statusOf(team, task), assignment: task ?? null, since: task ? sinceOf(task) : null }
    })
    .sort((a, b) => ORDER[a.status] - ORDER[b.status] || byName.compare(a.team.call_sign, b.team.call_sign))
}

/** The same rows with where each team was last: done every second, so it sorts nothing. */
export function located(rows: readonly TaskRow[], positions: Iterable<PositionFact>): UnitRow[] {
  const latest = latestPositions(positions)
  return rows.map((row) => ({ ...row, position: latest.get(row.team.id) ?? null }))
}
