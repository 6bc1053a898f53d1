import type { OrderDetail, OrderIn, OrderTemplate, RecipientIn, TaskIn, TaskKind } from '@/api/orders'
import { fieldOf, instantOf, localInput } from '@/model/time'

/** Somebody an order can go to. */
export interface Choice {
  readonly key: string
  readonly name: string
  readonly who: RecipientIn
  readonly township: boolean
}

/** A task as it is being written; `owner` is the key of a recipient, "" everybody. */
export interface TaskDraft {
  kind: TaskKind
  text: string
  owner: string
  due: string
}

export interface Draft {
  title: string
  drill: boolean
  text: string
  incident: number | null
  basisText: string
  recipients: Choice[]
  tasks: TaskDraft[]
  requirement: string
  reportDue: string
  ackWithin: number | null
}

export const KINDS: readonly TaskKind[] = ['personnel', 'equipment', 'facility', 'supplies', 'information', 'action']
const MINUTE = 60_000

export const keyOf = (who: RecipientIn): string => `${who.unit_id ?? ''}/${who.team_id ?? ''}/${who.person_id ?? ''}`
export const emptyTask = (): TaskDraft => ({ kind: 'action', text: '', owner: '', due: '' })

export const emptyDraft = (): Draft => ({
  title: '',
  drill: false,
  text: '',
  incident: null,
  basisText: '',
  recipients: [],
  tasks: [emptyTask()],
  requirement: '',
  reportDue: '',
  ackWithin: null,
})

/** Fills title and tasks from a template; its minutes count from now. */
export function fromTemplate(draft: Draft, template: OrderTemplate, now: number): void {
  draft.title = template.title
  draft.tasks = template.tasks.map((x) => ({ kind: x.kind, text: x.text, owner: '', due: x.due_min === null ? '' : localInput(now + x.due_min * MINUTE) }))
}

/** An order as its form: tasks that are everybody's are one line. */
export function fromOrder(order: OrderDetail): Draft {
  const recipients = order.parts.map((p) => {
    const who = { unit_id: p.unit_id, team_id: p.team_id, person_id: p.person_id }
    return { key: keyOf(who), name: p.name, who, township: false }
  })
  const byOrdinal = new Map<number, TaskDraft & { n: number }>()
  order.parts.forEach((p, at) => {
    for (const x of p.tasks) {
      const known = byOrdinal.get(x.ordinal)
      if (known === undefined) byOrdinal.set(x.ordinal, { kind: x.kind, text: x.text, owner: recipients[at]?.key ?? '', due: fieldOf(x.due_at), n: 1 })
      else known.n += 1
    }
  })
  const tasks = [...byOrdinal.entries()].sort(([a], [b]) => a - b).map(([, { n, ...x }]) => ({ ...x, owner: n === recipients.length && n > 1 ? '' : x.owner }))
  return {
    title: order.title,
    drill: order.drill,
    text: order.text,
    incident: order.incident_id,
    basisText: order.basis_text,
    recipients,
    tasks,
    requirement: order.report_requirement,
    reportDue: fieldOf(order.report_due_at),
    ackWithin: null,
  }
}

/** Recipients and tasks as they are sent. A line without words is none. */
export function partsOf(draft: Draft): { recipients: RecipientIn[]; tasks: TaskIn[] } {
  const at = new Map(draft.recipients.map((r, n) => [r.key, n]))
  const tasks = draft.tasks
    .filter((x) => x.text.trim() !== '')
    .map((x) => ({ kind: x.kind, text: x.text.trim(), owner: at.get(x.owner) ?? null, due_at: instantOf(x.due) }))
  return { recipients: draft.recipients.map((r) => r.who), tasks }
}

export function toOrder(draft: Draft, instruction: number | null): OrderIn {
  const incident = draft.drill ? null : draft.incident
  const basis = instruction !== null ? 'instruction' : incident !== null ? 'incident' : 'text'
  return {
    ...partsOf(draft),
    title: draft.title.trim(),
    drill: draft.drill,
    text: draft.text.trim(),
    basis,
    basis_text: draft.basisText.trim(),
    incident_id: incident,
    instruction_id: instruction,
    report_requirement: draft.requirement.trim(),
    report_due_at: instantOf(draft.reportDue),
    ack_within_min: draft.ackWithin,
  }
}

/** Whom a few typed characters mean: what begins so stands before what holds them. */
export function matching(choices: readonly Choice[], typed: string, taken: ReadonlySet<string>, most = 8): Choice[] {
  const words = typed.trim()
  if (words === '') return []
  const found = choices.filter((c) => c.name.includes(words) && !taken.has(c.key))
  return found.sort((a, b) => a.name.indexOf(words) - b.name.indexOf(words) || a.name.length - b.name.length).slice(0, most)
}
