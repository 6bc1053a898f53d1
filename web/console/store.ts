import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/calls'
import type { Event } from '@/api/events'
import type { AlarmFact, BaseMap, Permission, Reference, Region } from '@/api/types'
import { nameOf } from '@/i18n'
import { drilled, heed, QUIET, silenceLeft, unanswered, voice, weightOf, type AlarmSound } from '@/model/alarms'
import { nearestPlace } from '@/model/places'
import { isOwners } from '@/model/handover'
import { alarmGroups, alarmQueue, incidentQueue, type Selection } from '@/model/queue'
import { createScreen } from '@/model/screen'
import { leftSight } from '@/model/withdrawn'
import { isOverdue } from '@/model/steps'
import { located, taskRows } from '@/model/units'
import { isGrave } from '@/model/warnings'
import { now, setServerTime } from '@/ui/clock'
import { play } from '@/ui/sound'
import { heardOfReporting } from './reporting/told'
import { heardOfReadiness } from './readiness/board'
import { heardOfDark, keepLooking, readDark } from './dark/dark'
import { countReceived, heardOfExchange } from './exchange/told'
import { heardOfWarnings, readWarnings } from './warnings/told'
import { heardOfDutyDesk } from './dutyDesk'
import { countNotices, heardOfNotices } from './notices'
import { heardOfDuty } from './duty/told'
import { heardOfMaintenance, readMaintenance } from './maintenance'
import { followDevices, heardOfDevices, leaveDevices } from './register'
import { heardOfOrders } from './orders/told'
import { heardOfSpotChecks } from './spots'
import { forgetAsked, readAsked } from './statuscalls/asked'
import { heardOfDrills, readDrills } from './drills/told'
import { heardOfResponses, readResponses } from './response/told'
import { heardOfMeetings } from '@/meeting/told'
import { heardOfStatusCalls } from './statuscalls/told'

/** One short signal for what just happened; the alarm itself sounds by its state, not by the event. */
function chime(event: Event): void {
  switch (event.type) {
    case 'alarm.raised':
    case 'alarm.repeated': {
      const weight = weightOf(event.alarm)
      if (weight === 'call') play('ring')
      else if (weight === 'trouble' && event.type === 'alarm.raised') play('trouble')
      break
    }
    case 'incident.opened':
      play(event.incident.initial_level <= 2 ? 'major' : 'message')
      break
    case 'assignment.escalated':
    case 'assignment.ack_expired':
    case 'assignment.safety_critical':
    case 'assignment.safety_leader':
    case 'contact.lost':
    case 'network.suspected':
    case 'network.offline':
    case 'messenger.overdue':
    case 'reservation.blocked':
    case 'report.overdue':
    case 'report.undelivered':
    case 'callout.overdue':
      play('overdue')
      break
    case 'assignment.safety_warning':
    case 'handover.matter_due':
      if (isOwners(event.owner, screen.me.value?.person_id ?? null)) play('overdue')
      break
    case 'warning.issued':
    case 'warning.updated':
      play(isGrave(event.warning) ? 'major' : 'message')
      break
    case 'warning.message_waits':
      play('overdue')
      break
    case 'order.supervised':
      play('overdue')
      break
    case 'order.issued':
    case 'order.amended':
      if (event.order.region_code !== (screen.me.value?.scope ?? '').padEnd(12, '0')) play('message')
      break
    case 'assignment.declined':
    case 'intake.received':
    case 'report.acknowledged':
    case 'text.received':
      play('message')
      break
  }
}

/** Counts what was told of reservations, so that the incident that shows them looks again. */
export const reservationsTold = ref(0)
/** The same for cross-border notices. */
export const handoffsTold = ref(0)

/** Who else wants to hear what happens: pages while they are open. */
export const listeners = new Set<(event: Event) => void>()

export const screen = createScreen({
  onEvent(event) {
    chime(event)
    if (event.type.startsWith('reservation.')) reservationsTold.value += 1
    else if (event.type.startsWith('handoff.')) handoffsTold.value += 1
    heardOfDevices(event)
    heardOfMaintenance(event)
    heardOfReadiness(event)
    heardOfSpotChecks(event)
    heardOfStatusCalls(event)
    heardOfMeetings(event)
    heardOfOrders(event)
    heardOfResponses(event)
    heardOfDrills(event)
    for (const hear of listeners) hear(event)
    closeWhatLeft(event)
    heardOfNotices(event)
    heardOfExchange(event)
    heardOfWarnings(event)
    heardOfDark(event)
    heardOfReporting(event)
    heardOfDutyDesk(event)
    heardOfDuty(event)
  },
  onServerTime: setServerTime,
})

/** Nothing stays open about an incident that has left this person's sight. */
function closeWhatLeft(event: Event): void {
  const left = leftSight(event)
  if (left !== null && dispatching.value === left) dispatching.value = null
}

const part = <K extends keyof typeof screen.live.value>(key: K) => computed(() => screen.live.value[key])

export const alarmsById = part('alarms')
export const incidentsById = part('incidents')
export const assignmentsById = part('assignments')
export const deliveriesById = part('deliveries')
export const teamsById = part('teams')
export const positionsByDevice = part('positions')

export const reference = shallowRef<Reference | null>(null)
export const baseMap = shallowRef<BaseMap | null>(null)

export const regions = computed(
  () => new Map<string, Region>((reference.value?.regions ?? []).map((r) => [r.code, r])),
)

/** A place by the register in the present language; `known` is what the wire calls it. */
export function placeName(code: string, known: string): string {
  const region = regions.value.get(code)
  return region === undefined ? known : nameOf({ name_zh: region.name, name_en: region.name_en })
}

/** The township of a code: the short place for narrow columns. */
export function townshipName(code: string): string {
  let region = regions.value.get(code)
  while (region !== undefined) {
    const parent: Region | undefined = region.parent === null ? undefined : regions.value.get(region.parent)
    if (parent === undefined || parent.parent === null) return placeName(region.code, region.name)
    region = parent
  }
  return ''
}

const placesByPoint = new Map<string, string>()

/** The township a point lies in or next to; a device's own region code only says where it is registered. */
export function townshipAt(at: { lon: number; lat: number }): string {
  const key = `${at.lon.toFixed(3)} ${at.lat.toFixed(3)}`
  const code = placesByPoint.get(key) ?? nearestPlace([...regions.value.values()], at)?.region.code
  if (code === undefined) return ''
  placesByPoint.set(key, code)
  return townshipName(code)
}

/** How many days a password may be in use; 0: as long as it likes. */
export const credentialDays = computed(() => reference.value?.limits.credentials_max_days ?? 0)
export const positionLimitS = computed(() => reference.value?.limits.position_limit_s ?? 600)

export const alarms = computed(() => alarmQueue(alarmsById.value.values()))
export const groupedAlarms = computed(() => alarmGroups(alarms.value))
export const queue = computed(() =>
  incidentQueue(incidentsById.value.values(), assignmentsById.value.values(), now.value),
)
const tasks = computed(() => taskRows(teamsById.value.values(), assignmentsById.value.values()))
export const units = computed(() => located(tasks.value, positionsByDevice.value.values()))
export const leaderRows = computed(() => unanswered(assignmentsById.value.values()))

export const counts = computed(() => ({
  alarms: groupedAlarms.value.urgent.filter((a) => a.state === 'open').length,
  distress: alarms.value.filter((a) => a.state === 'open' && weightOf(a) === 'distress').length,
  overdue: [...assignmentsById.value.values()].filter((a) => isOverdue(a, now.value)).length,
  incidents: incidentsById.value.size,
  available: units.value.filter((u) => u.status === 'available').length,
  teams: units.value.length,
}))

export const sound = shallowRef<AlarmSound>(QUIET)
export const heedAlarms = (): void => {
  sound.value = heed(sound.value, alarmsById.value.values())
}
/** How many calls for help of drills wait: heard by the sound of drills, while nothing in earnest sounds. */
export const drilling = computed(() => drilled(alarmsById.value.values()).length)
/** Whether the call for help is to be heard now, on whatever page. */
export const sounding = computed(() => screen.state.value !== 'logged_out' && voice(sound.value, now.value) === 'sounding')
export const silencedS = computed(() => Math.ceil(silenceLeft(sound.value, now.value) / 1000))

/** More troubles than this are first shown as a count of each kind. */
const TROUBLES_LISTED = 3

export const selection = ref<Selection | null>(null)
export const logHeld = ref(false)
export const onlyAvailable = ref(false)
export const following = ref(true)
/** Which window lies over the page. */
export const open = ref<'intake' | 'help' | 'joint' | 'account' | null>(null)
/** Whether the command palette is open. */
export const finding = ref(false)
/** The telephone call that the intake form is filled in for. */
export const answering = shallowRef<AlarmFact | null>(null)
/** Whether the troubles of devices are listed one by one; null leaves it to their number. */
export const troublesShown = ref<boolean | null>(null)
export const troublesOpen = computed(() => troublesShown.value ?? groupedAlarms.value.troubles.length <= TROUBLES_LISTED)
/** Incident that the dispatch dialog works for. */
export const dispatching = ref<number | null>(null)

/** A place being chosen on the map for somebody who waits for it. */
export const picking = shallowRef<((at: { lon: number; lat: number }) => void) | null>(null)
export const pickedAt = shallowRef<{ lon: number; lat: number } | null>(null)

export const may = (permission: Permission): boolean =>
  screen.me.value?.permissions.includes(permission) ?? false

let stopLooking = (): void => undefined

/** What changes rarely, once somebody is logged in. */
async function loadFixed(): Promise<void> {
  const [ref, base] = await Promise.all([api.reference().catch(() => null), api.baseMap().catch(() => null)])
  reference.value = ref
  baseMap.value = base
  await followDevices()
  if (may('see_desk')) {
    void countNotices()
    void readResponses()
    void readDrills()
    void countReceived()
    void readWarnings()
    void readDark()
    stopLooking()
    stopLooking = keepLooking()
  }
  forgetAsked()
  if (may('command')) {
    void readAsked()
    void readMaintenance()
  }
}

watch(
  () => screen.me.value?.id,
  (id) => id !== undefined && void loadFixed(),
)

export function end(): void {
  stopLooking()
  leaveDevices()
  screen.stop()
}
