import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import { newKey } from '@/api/client'
import { fileQuery } from '@/api/known'
import type { AssignmentFact, Me, NoticeIn, Snapshot, Step } from '@/api/types'
import { say, t, type Key } from '@/i18n'
import { fromSnapshot, type Live } from '@/model/live'
import { createScreen } from '@/model/screen'
import { afterStep, further, isActive, nextOf } from '@/model/steps'
import { heardOfMeetings } from '@/meeting/told'
import { serverNow, setServerTime } from '@/ui/clock'
import { tell } from '@/ui/notice'
import { play } from '@/ui/sound'
import { calloutsTold, heardOfCallouts } from './callout/told'
import { forgetOrders, heardOfOrders, readOrders } from './orders/orders'
import { forgetDues, heardOfDues, readDues } from './reporting/dues'
import { smaller } from './photos'
import { noteServerTime } from './skew'
import { forgetDuty, readDuty } from './standby/dutyToday'
import { flush, openOutbox, send, waiting, type Draft } from './sending'

export const screen = createScreen({
  onEvent(event) {
    heardOfOrders(event)
    heardOfCallouts(event)
    heardOfMeetings(event)
    heardOfDues(event, screen.me.value)
    if (event.type === 'order.issued' || event.type === 'order.amended') play('message')
  },
  onServerTime(at) {
    setServerTime(at)
    noteServerTime(at)
  },
})

/** Duty has begun: sound, location and screen have been asked for. */
export const started = ref(false)

/** What the server answered to our steps: the network may go before the event of it arrives. */
const answered = shallowRef<ReadonlyMap<number, AssignmentFact>>(new Map())
const known = (a: AssignmentFact): AssignmentFact => further(a, answered.value.get(a.id))

/** The server's state plus what this phone has said and not yet delivered. */
function ahead(assignment: AssignmentFact): AssignmentFact {
  const steps = waiting.value.flatMap((p) => (p.step?.assignmentId === assignment.id ? [p.step.step] : []))
  return steps.length === 0 ? assignment : { ...assignment, state: steps.reduce(afterStep, assignment.state) }
}

const mine = computed(() => {
  const teams = new Set(screen.me.value?.team_ids ?? [])
  return [...screen.live.value.assignments.values()]
    .filter((a) => teams.has(a.team_id))
    .map(known)
    .map(ahead)
    .filter((a) => isActive(a.state))
    .sort((a, b) => a.id - b.id)
})

export const offer = computed(() => mine.value.find((a) => a.state === 'dispatched') ?? null)
export const task = computed(() => mine.value.find((a) => a.state !== 'dispatched') ?? null)
/** The task is done and the team not home yet. */
export const returning = computed(() => {
  const teams = new Set(screen.me.value?.team_ids ?? [])
  const done = [...screen.live.value.assignments.values()].filter((a) => teams.has(a.team_id)).map(known).map(ahead)
  return done.filter((a) => a.state === 'task_done' && nextOf(a) === 'return').sort((a, b) => b.id - a.id)[0] ?? null
})
export const team = computed(() => screen.live.value.teams.get(screen.me.value?.team_ids[0] ?? -1) ?? null)
export const incidentOf = (a: AssignmentFact) => screen.live.value.incidents.get(a.incident_id) ?? null

const happened = (): string => new Date(serverNow()).toISOString()

export function step(assignment: AssignmentFact, next: Step, reason?: string): Promise<void> {
  tapped.value = new Map(tapped.value).set(assignment.id, serverNow())
  return send({
    path: `/api/assignments/${assignment.id}/steps`,
    body: { step: next, channel: 'app', happened_at: happened(), ...(reason ? { reason } : {}) },
    what: `field.did.${next}` as Key,
    detail: assignment.incident_number,
    step: { assignmentId: assignment.id, step: next },
  })
}

/** A sign of life of the team: everybody safe, or still coming. */
export const sign = (assignment: AssignmentFact, what: 'safety' | 'keep'): Promise<void> =>
  send({
    path: `/api/assignments/${assignment.id}/${what}`,
    body: { channel: 'app' },
    what: what === 'safety' ? 'field.safe' : 'field.keep',
    detail: assignment.incident_number,
  })

/** Taps of this phone that may be taken back: the server has the last word. */
const UNDO_MS = 5 * 60_000
const tapped = ref<ReadonlyMap<number, number>>(new Map())
export const mayUndo = (a: AssignmentFact): boolean => serverNow() - (tapped.value.get(a.id) ?? 0) < UNDO_MS && a.state !== 'dispatched'

export async function undo(assignment: AssignmentFact): Promise<void> {
  const rest = new Map(tapped.value)
  rest.delete(assignment.id)
  tapped.value = rest
  await send({ path: `/api/assignments/${assignment.id}/undo`, body: { reason: '' }, what: 'field.undo', detail: assignment.incident_number })
}

const attached = (path: string, file: File, after?: string): Draft => ({
  path: `${path}?${fileQuery(file, 'app')}&happened_at=${encodeURIComponent(happened())}`,
  body: file,
  what: file.type.startsWith('audio/') ? 'field.voice' : 'field.photo',
  detail: file.name,
  ...(after === undefined ? {} : { after }),
})

/** A quick report; its photos follow once the words have arrived. */
export async function report(body: NoticeIn, files: readonly File[]): Promise<void> {
  const key = newKey()
  const photos = await Promise.all(files.map(smaller))
  await send(
    { key, path: '/api/intake/reports', body: { ...body, told_at: happened() }, what: 'field.report', detail: (body.title || body.text || '').slice(0, 30) },
    ...photos.map((file) => attached('/api/intake/{id}/attachments', file, key)),
  )
}

/** A photo or a voice note of the scene, for the incident of a task. */
export const attach = async (assignment: AssignmentFact, file: File): Promise<void> =>
  send(attached(`/api/incidents/${assignment.incident_id}/attachments`, file.type.startsWith('image/') ? await smaller(file) : file))

/** Words from the scene: they stand in the incident's log. */
export const saySomething = (assignment: AssignmentFact, text: string): Promise<void> =>
  send({ path: `/api/assignments/${assignment.id}/words`, body: { text, happened_at: happened() }, what: 'field.words', detail: text.slice(0, 30) })

/** A call for help, with the place if the phone knows it. */
export const callForHelp = (fix: GeolocationPosition | null): Promise<void> =>
  send({
    path: '/api/sos',
    body: {
      happened_at: happened(),
      ...(fix === null ? {} : { lon: fix.coords.longitude, lat: fix.coords.latitude, fixed_at: new Date(fix.timestamp).toISOString() }),
    },
    what: 'field.sos',
  })

const receipted = new Set<number>()

/** The order is on the screen and rings: that is what the desk calls delivered. */
export function receipt(assignment: AssignmentFact): void {
  for (const d of screen.live.value.deliveries.values()) {
    const open = d.state === 'queued' || d.state === 'submitted' || d.state === 'accepted'
    if (d.assignment_id !== assignment.id || d.channel !== 'app' || !open || receipted.has(d.id)) continue
    receipted.add(d.id)
    void send({ path: `/api/deliveries/${d.id}/receipt`, body: {}, what: 'field.receipt', detail: assignment.incident_number })
  }
}

const STORED = 'zhishou.field.known'

/** Without the network the last known task is worth more than an empty page. */
function remember(who: Me, live: Live): void {
  const kept: Partial<Snapshot> = {
    seq: live.seq,
    alarms: [],
    incidents: [...live.incidents.values()],
    assignments: [...live.assignments.values()].map(known),
    deliveries: [...live.deliveries.values()],
    teams: [...live.teams.values()],
    positions: [],
  }
  localStorage.setItem(STORED, JSON.stringify({ ...kept, me: who }))
}

export async function begin(): Promise<void> {
  const text = localStorage.getItem(STORED)
  if (text !== null) {
    const kept = JSON.parse(text) as Snapshot
    screen.restore(kept.me, fromSnapshot(kept))
  }
  await openOutbox({
    account: () => screen.me.value?.id ?? null,
    onAnswer(parcel, answer) {
      if (parcel.path.startsWith('/api/orders/')) void readOrders()
      if (parcel.step === undefined) return
      const fact = answer as AssignmentFact
      answered.value = new Map(answered.value).set(fact.id, fact)
    },
    onRefused(parcel, refusal) {
      if (parcel.path.startsWith('/api/orders/')) void readOrders()
      // Nobody waits for the answer to a receipt.
      if (!parcel.path.endsWith('/receipt')) tell(t('field.rejected', { why: say(refusal.problem) }))
    },
  })
  screen.start()
}

watch(
  () => [screen.live.value.seq, screen.me.value, answered.value] as const,
  ([, who]) => who !== null && remember(who, screen.live.value),
)
watch(screen.state, (state) => {
  if (state !== 'live') return
  void flush()
  void readOrders()
  calloutsTold.value += 1
  void readDues(screen.me.value)
  void readDuty()
})
addEventListener('online', () => void flush())

function forget(): void {
  localStorage.removeItem(STORED)
  forgetOrders()
  forgetDues()
  forgetDuty()
}

/** What the phone knew of somebody else is not shown to, nor said by, who logs in now. */
export function welcome(who: Me): void {
  const text = localStorage.getItem(STORED)
  if (text !== null && (JSON.parse(text) as Snapshot).me.id !== who.id) forget()
}

export async function logout(): Promise<void> {
  screen.stop()
  forget()
  await api.logout().catch(() => undefined)
  location.reload()
}
