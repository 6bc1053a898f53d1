import type { AssignmentFact, AssignmentState, Step } from '@/api/types'

/** The state chain of an assignment: 派 → 受 → 途 → 到 → 毕. */
export const CHAIN = ['dispatched', 'acknowledged', 'en_route', 'on_scene', 'task_done'] as const

/** The one step that comes next; null where the road ends. */
export const NEXT: Record<AssignmentState, Step | null> = {
  dispatched: 'acknowledge',
  acknowledged: 'depart',
  en_route: 'arrive',
  on_scene: 'finish',
  task_done: null,
  declined: null,
  cancelled: null,
}

const RESULT: Record<Step, AssignmentState> = {
  acknowledge: 'acknowledged',
  decline: 'declined',
  depart: 'en_route',
  arrive: 'on_scene',
  finish: 'task_done',
  cancel: 'cancelled',
}

export const isActive = (state: AssignmentState): boolean => NEXT[state] !== null

/** What a queued step will make of the assignment once the server has it. */
export function afterStep(state: AssignmentState, step: Step): AssignmentState {
  return isActive(state) ? RESULT[step] : state
}

/** The one of two accounts of an assignment that knows more: states only move on, an ended one is last. */
export function further(a: AssignmentFact, b: AssignmentFact | undefined): AssignmentFact {
  const rank = (state: AssignmentState): number => (isActive(state) ? CHAIN.findIndex((link) => link === state) : CHAIN.length)
  return b !== undefined && rank(b.state) > rank(a.state) ? b : a
}

/** When the present state began. */
export function sinceOf(assignment: AssignmentFact): string {
  const at: Record<AssignmentState, string | null> = {
    dispatched: assignment.assigned_at,
    acknowledged: assignment.acknowledged_at,
    en_route: assignment.en_route_at,
    on_scene: assignment.on_scene_at,
    task_done: assignment.task_done_at,
    declined: assignment.declined_at,
    cancelled: assignment.cancelled_at,
  }
  return at[assignment.state] ?? assignment.assigned_at
}

/** The instant a link of the chain was reached; null while it lies ahead or was skipped. */
export function reachedAt(assignment: AssignmentFact, link: (typeof CHAIN)[number]): string | null {
  switch (link) {
    case 'dispatched':
      return assignment.assigned_at
    case 'acknowledged':
      return assignment.acknowledged_at
    case 'en_route':
      return assignment.en_route_at
    case 'on_scene':
      return assignment.on_scene_at
    case 'task_done':
      return assignment.task_done_at
  }
}

/** An order that nobody has answered in time. */
export const isOverdue = (a: AssignmentFact, now: number): boolean =>
  a.state === 'dispatched' && Date.parse(a.answer_due_at) < now
