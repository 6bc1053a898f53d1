import type { AssignmentFact, AssignmentState, Step } from '@/api/types'

/** The links of the state chain: 派 → 受 → 途 → 到 → 毕 → 归. Which of them a team has is a term of its order. */
export type Link = 'dispatched' | 'acknowledged' | 'en_route' | 'on_scene' | 'task_done' | 'returned'

const RESULT: Record<Step, AssignmentState> = {
  acknowledge: 'acknowledged',
  decline: 'declined',
  depart: 'en_route',
  arrive: 'on_scene',
  finish: 'task_done',
  return: 'returned',
  cancel: 'cancelled',
}

const ACTIVE: ReadonlySet<AssignmentState> = new Set(['dispatched', 'acknowledged', 'en_route', 'on_scene'])

export const isActive = (state: AssignmentState): boolean => ACTIVE.has(state)

/** The chain of one assignment: a village team never sets out, a brigade comes home. */
export const chainOf = (a: AssignmentFact): Link[] => ['dispatched', ...a.terms.steps.map((step) => RESULT[step] as Link)]

/** The one step that comes next; null where the road ends. */
export function nextOf(a: AssignmentFact): Step | null {
  const at = chainOf(a).findIndex((link) => link === a.state)
  return at < 0 ? null : (a.terms.steps[at] ?? null)
}

/** What a queued step will make of the assignment once the server has it. */
export function afterStep(state: AssignmentState, step: Step): AssignmentState {
  return isActive(state) || (state === 'task_done' && step === 'return') ? RESULT[step] : state
}

/** The one of two accounts of an assignment that knows more; a step may be taken back, so the count decides. */
export const further = (a: AssignmentFact, b: AssignmentFact | undefined): AssignmentFact => (b !== undefined && b.version > a.version ? b : a)

/** When the present state began. */
export function sinceOf(assignment: AssignmentFact): string {
  const at: Record<AssignmentState, string | null> = {
    dispatched: assignment.assigned_at,
    acknowledged: assignment.acknowledged_at,
    en_route: assignment.en_route_at,
    on_scene: assignment.on_scene_at,
    task_done: assignment.task_done_at,
    returned: assignment.returned_at,
    declined: assignment.declined_at,
    cancelled: assignment.cancelled_at,
  }
  return at[assignment.state] ?? assignment.assigned_at
}

/** The instant a link of the chain was reached; null while it lies ahead or was skipped. */
export function reachedAt(assignment: AssignmentFact, link: Link): string | null {
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
    case 'returned':
      return assignment.returned_at
  }
}

/** An order that nobody has answered in time. */
export const isOverdue = (a: AssignmentFact, now: number): boolean =>
  a.state === 'dispatched' && Date.parse(a.answer_due_at) < now

/** How long until everybody of a team on scene has to be counted, in ms (below 0: over); null without a clock. */
export const safetyLeft = (a: AssignmentFact, now: number): number | null =>
  a.safety_since === null || a.terms.safety_every_s === null ? null : Date.parse(a.safety_since) + a.terms.safety_every_s * 1000 - now

/** How many acknowledgements an order still waits for. */
export const acksMissing = (a: AssignmentFact): number =>
  a.ack_people.length > 0 ? a.ack_people.filter((p) => !a.acks.some((ack) => ack.person_id === p.person_id)).length : Math.max(0, a.acks_required - a.acks.length)
