import type { Person, Unit } from '@/api/people'

/** A unit as the tree shows it: how deep it lies, and who else it answers to. */
export interface UnitRow {
  readonly unit: Unit
  readonly depth: number
  readonly under: readonly number[]
  readonly parents: boolean
}

/** The tree as a list, children below their superior; a unit whose superior is not in sight is a root. */
export function unitRows(units: readonly Unit[], shown: (unit: Unit) => boolean = () => true): UnitRow[] {
  const inSight = units.filter(shown)
  const ids = new Set(inSight.map((u) => u.id))
  const below = new Map<number | null, Unit[]>()
  for (const unit of inSight) {
    const above = unit.parent_id !== null && ids.has(unit.parent_id) ? unit.parent_id : null
    below.set(above, [...(below.get(above) ?? []), unit])
  }
  const rows: UnitRow[] = []
  const walk = (above: number | null, under: readonly number[]): void => {
    for (const unit of below.get(above) ?? []) {
      rows.push({ unit, depth: under.length, under, parents: below.has(unit.id) })
      walk(unit.id, [...under, unit.id])
    }
  }
  walk(null, [])
  return rows
}

/** `1` second superior or staffing short: what a glance at the tree must not miss. */
export const isShort = (unit: Unit): boolean => unit.staffing === 'short'

/** The number that is tried first, or by what else this person is reached. */
export const firstNumber = (person: Person): string => person.phones[0]?.number ?? person.satellite_number ?? ''
