import type { Event } from '@/api/events'
import type {
  AlarmFact,
  AssignmentFact,
  DeliveryFact,
  IncidentFact,
  PositionFact,
  Snapshot,
  TeamFact,
} from '@/api/types'
import { isOfAssignment, isOfReservation } from './assignmentLog'
import { isDark } from './darkLog'
import { isDuty } from './dutyLog'
import { isBroadcastWire } from './broadcastWireLog'
import { isDrill } from './drillLog'
import { isDrone } from './droneLog'
import { isExchange } from './exchangeLog'
import { isCamera } from './cameraLog'
import { isForceRegister, isTeamEntry } from './forceRegisterLog'
import { isHandoff } from './handoffLog'
import { isInbox } from './inboxLog'
import { isOrder } from './orderLog'
import { isResponse } from './responseLog'
import { isShelter } from './shelterLog'
import { isBroadcast } from './broadcastLog'
import { isWarning } from './warningLog'
import { isSupply } from './supplyLog'

/** What a screen knows: the snapshot plus every event after it. Never changed in place. */
export interface Live {
  readonly seq: number
  readonly alarms: ReadonlyMap<number, AlarmFact>
  readonly incidents: ReadonlyMap<number, IncidentFact>
  readonly assignments: ReadonlyMap<number, AssignmentFact>
  readonly deliveries: ReadonlyMap<number, DeliveryFact>
  readonly teams: ReadonlyMap<number, TeamFact>
  /** By device. */
  readonly positions: ReadonlyMap<number, PositionFact>
}

export const NOTHING: Live = {
  seq: 0,
  alarms: new Map(),
  incidents: new Map(),
  assignments: new Map(),
  deliveries: new Map(),
  teams: new Map(),
  positions: new Map(),
}

const byId = <T extends { id: number }>(rows: readonly T[]): Map<number, T> =>
  new Map(rows.map((row) => [row.id, row]))

function put<T extends { id: number }>(rows: ReadonlyMap<number, T>, ...added: T[]): ReadonlyMap<number, T> {
  if (added.length === 0) return rows
  const copy = new Map(rows)
  for (const row of added) copy.set(row.id, row)
  return copy
}

function without<T extends { id: number }>(
  rows: ReadonlyMap<number, T>,
  gone: (row: T) => boolean,
): ReadonlyMap<number, T> {
  const kept = [...rows.values()].filter((row) => !gone(row))
  return kept.length === rows.size ? rows : byId(kept)
}

export function fromSnapshot(snapshot: Snapshot): Live {
  return {
    seq: snapshot.seq,
    alarms: byId(snapshot.alarms),
    incidents: byId(snapshot.incidents),
    assignments: byId(snapshot.assignments),
    deliveries: byId(snapshot.deliveries),
    teams: byId(snapshot.teams),
    positions: new Map(snapshot.positions.map((p) => [p.device_id, p])),
  }
}

function withAlarm(live: Live, alarm: AlarmFact): Live {
  const open = alarm.state === 'open' || alarm.state === 'acknowledged'
  const alarms = open ? put(live.alarms, alarm) : without(live.alarms, (a) => a.id === alarm.id)
  return { ...live, alarms }
}

function withIncident(live: Live, incident: IncidentFact): Live {
  return incident.state === 'open'
    ? { ...live, incidents: put(live.incidents, incident) }
    : withoutIncident(live, incident.id)
}

function withoutIncident(live: Live, id: number): Live {
  return { ...withoutRows(live, id), incidents: without(live.incidents, (i) => i.id === id) }
}

function withoutRows(live: Live, id: number): Live {
  const over = new Set(
    [...live.assignments.values()].filter((a) => a.incident_id === id).map((a) => a.id),
  )
  return {
    ...live,
    assignments: without(live.assignments, (a) => over.has(a.id)),
    deliveries: without(live.deliveries, (d) => d.assignment_id !== null && over.has(d.assignment_id)),
  }
}

function withRows(live: Live, assignments: AssignmentFact[], deliveries: DeliveryFact[]): Live {
  return {
    ...live,
    assignments: put(live.assignments, ...assignments),
    deliveries: put(live.deliveries, ...deliveries),
  }
}

/** The same as `apply` in app/desk/snapshot.py, in the same order: the law of events. */
function change(live: Live, event: Event): Live {
  // Rosters, people, orders, supplies and notices are read by the page that shows them.
  if (isDuty(event) || isOrder(event) || isSupply(event) || isShelter(event) || isBroadcast(event) || isDark(event) || isInbox(event) || isExchange(event) || isBroadcastWire(event) || isResponse(event) || isWarning(event) || isDrill(event) || isDrone(event)) return live
  if (isTeamEntry(event)) return { ...live, teams: event.team === null ? without(live.teams, (team) => team.id === event.team_id) : put(live.teams, event.team) }
  if (isForceRegister(event) || isCamera(event)) return live
  if (isOfReservation(event) || isHandoff(event)) return live // read by the incident that shows them
  if (isOfAssignment(event) && event.type !== 'assignment.dispatched') {
    // A team may come home when its incident is closed already: that brings nothing back.
    return live.incidents.has(event.assignment.incident_id) ? withRows(live, [event.assignment], event.deliveries) : live
  }
  switch (event.type) {
    case 'alarm.raised':
    case 'alarm.repeated':
    case 'alarm.acknowledged':
    case 'alarm.dismissal_asked':
    case 'alarm.dismissal_refused':
    case 'alarm.dismissed':
    case 'alarm.withdrawn':
      return withAlarm(live, event.alarm)
    case 'alarm.confirmed':
      return withIncident(withAlarm(live, event.alarm), event.incident)
    case 'incident.opened':
    case 'incident.amended':
    case 'incident.closed':
    case 'incident.level_raised':
    case 'incident.level_lowered':
    case 'incident.level_confirmed':
    case 'incident.larger_risk':
    case 'incident.key_facility':
    case 'incident.figure_told':
    case 'incident.figure_chosen':
    case 'incident.retyped':
    case 'incident.secrecy_set':
    case 'incident.located':
    case 'incident.reported':
    case 'incident.attached':
    case 'incident.attachment_withdrawn':
    case 'incident.notice_joined':
    case 'incident.merged':
    case 'incident.absorbed':
    case 'incident.merge_undone':
    case 'incident.split':
    case 'incident.split_off':
    case 'incident.linked':
    case 'incident.unlinked':
    case 'incident.scheduled':
    case 'incident.rescheduled':
    case 'incident.called_off':
    case 'incident.begun':
    case 'incident.reopened':
    case 'incident.command_activated':
    case 'incident.command_handed_over':
    case 'incident.command_stood_down':
    case 'assignment.dispatched':
      // All of the incident rides along: this may be the first this screen hears of it, and what is not
      // among it went to another incident.
      return withIncident(withRows(withoutRows(live, event.incident.id), event.assignments, event.deliveries), event.incident)
    case 'incident.withdrawn':
      return withoutIncident(live, event.incident_id)
    case 'delivery.queued':
    case 'delivery.submitted':
    case 'delivery.accepted':
    case 'delivery.delivered':
    case 'delivery.failed':
    case 'delivery.unknown':
    case 'delivery.expired':
      // Feedback may come when the incident is closed already: it brings nothing back.
      return live.assignments.has(event.delivery.assignment_id ?? -1) ? withRows(live, [], [event.delivery]) : live
    case 'team.standby_changed':
    case 'team.stationed':
    case 'team.returned_home':
      return { ...live, teams: put(live.teams, event.team) }
    case 'team.leader_changed': {
      const team = live.teams.get(event.team_id)
      const led = { leader_name: event.leader_name, leader_phone: event.leader_phone }
      return team === undefined ? live : { ...live, teams: put(live.teams, { ...team, ...led }) }
    }
    case 'area.drawn':
    case 'area.amended':
    case 'area.deleted':
    case 'command_body.registered':
    case 'command_body.amended':
    case 'command_body.retired':
    case 'maintenance.begun':
    case 'maintenance.ended':
    case 'partner.registered':
    case 'partner.amended':
    case 'partner.retired':
    case 'document.drafted':
    case 'document.edited':
    case 'document.signed':
    case 'document.dropped':
    case 'document.filed':
    case 'reporting_rules.drafted':
    case 'reporting_rules.edited':
    case 'reporting_rules.published':
    case 'reporting_rules.dropped':
    case 'reporting_rules.taken_up':
    case 'report.drafted':
    case 'report.edited':
    case 'report.reviewed':
    case 'report.returned':
    case 'report.signed':
    case 'report.consented':
    case 'report.countersigned':
    case 'report.sent':
    case 'report.delivered':
    case 'report.undelivered':
    case 'report.acknowledged':
    case 'report.confirmed':
    case 'report.dropped':
    case 'report.reasked':
    case 'report.due_soon':
    case 'report.overdue':
    case 'report.late':
    case 'report.late_reason':
    case 'report.fact_noted':
    case 'report.fact_corrected':
    case 'text.received':
    case 'account.logged_in':
    case 'account.logged_out':
    case 'account.login_refused':
    case 'account.locked':
    case 'field_phone.link_made':
    case 'field_phone.linked':
    case 'field_phone.revoked':
    case 'account.opened':
    case 'account.amended':
    case 'account.closed':
    case 'account.password_set':
    case 'account.logins_ended':
    case 'account.factor_added':
    case 'account.factor_removed':
    case 'personal.revealed':
    case 'personal.read':
    case 'break_glass.sealed':
    case 'break_glass.opened':
    case 'break_glass.closed':
    case 'token.made':
    case 'token.revoked':
    case 'wall.made':
    case 'wall.revoked':
    case 'feed.made':
    case 'feed.revoked':
    case 'device.registered':
    case 'device.amended':
    case 'device.credential_renewed':
    case 'device.switched_off':
    case 'device.imported':
    case 'device.unknown_dismissed':
    case 'device.tested':
    case 'roll_call.opened':
    case 'roll_call.answered':
    case 'roll_call.closed':
    case 'terminal.parameters':
    case 'callout.started':
    case 'callout.widened':
    case 'callout.yours':
    case 'callout.drawn':
    case 'callout.ended':
    case 'callout.answered':
    case 'callout.called':
    case 'callout.handed_off':
    case 'callout.climbed':
    case 'callout.feedback_asked':
    case 'callout.overdue':
    case 'callout.reported':
    case 'callout.verified':
    case 'callout.listed':
    case 'callout.review_due':
    case 'callout.review_overdue':
    case 'callout.list_filed':
    case 'callout.limits_set':
      return live
    default:
      // A kind of event younger than this page: nothing here to change, but the cursor moves on.
      event satisfies never
      return live
  }
}

/** Old state + event = new state. An event already seen changes nothing. */
export function apply(live: Live, event: Event): Live {
  if (event.seq <= live.seq) return live
  return { ...change(live, event), seq: event.seq }
}

/** The latest position of each device wins; a frame that overtook a newer one is dropped. */
export function withPositions(live: Live, frame: readonly PositionFact[]): Live {
  if (frame.length === 0) return live
  const positions = new Map(live.positions)
  for (const position of frame) {
    const known = positions.get(position.device_id)
    if (known === undefined || known.heard_at <= position.heard_at) positions.set(position.device_id, position)
  }
  return { ...live, positions }
}
