/** What stands beside the wall's map in turn. */
export const SCENES = ['situation', 'forces', 'warnings'] as const
export type Scene = (typeof SCENES)[number]

export const EVERY_S = 30
const SHORTEST_S = 5
const LONGEST_S = 3600
const HELD_MS = 30 * 60_000

/** How long a scene stands, from the wall's address; 0 lets nothing change. */
export function everyOf(told: unknown): number {
  const seconds = Number(told ?? EVERY_S)
  if (!Number.isFinite(seconds)) return EVERY_S
  return seconds <= 0 ? 0 : Math.min(LONGEST_S, Math.max(SHORTEST_S, Math.round(seconds)))
}

/** The scene of this moment: the same on every wall of the room, however long each has been up. */
export function sceneAt(now: number, everyS: number, scenes: readonly Scene[]): Scene {
  if (everyS === 0 || scenes.length === 0) return 'situation'
  return scenes[Math.floor(now / 1000 / everyS) % scenes.length] ?? 'situation'
}

/** Whether the situation stays: a call for help that is open, or an incident of level I not half an hour old. */
export function isHeld(now: number, incidents: Iterable<{ level: number; since: number }>, callsOpen: number): boolean {
  if (callsOpen > 0) return true
  return [...incidents].some((one) => one.level === 1 && now - one.since < HELD_MS)
}

const RELOAD_HOUR = 4
const YOUNGEST_MS = 3 * 3_600_000

/** Whether a wall may begin anew now: in the hour after four, once a night, while nothing is going on. */
export function mayReload(hour: number, ageMs: number, live: boolean, open: number): boolean {
  return hour === RELOAD_HOUR && ageMs > YOUNGEST_MS && live && open === 0
}

const STEPS = [[0, 0], [1, 0], [1, 1], [0, 1], [-1, 1], [-1, 0], [-1, -1], [0, -1]] as const
const STEP_MS = 120_000

/** Where the picture stands now, in steps: no point of the display shows the same for ever. */
export const shiftAt = (now: number): readonly [number, number] => STEPS[Math.floor(now / STEP_MS) % STEPS.length] ?? [0, 0]
