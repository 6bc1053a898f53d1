import { enAssignment } from './en.assignment'
import { enCalendar } from './en.calendar'
import { enChecklists } from './en.checklists'
import { enDark } from './en.dark'
import { enReporting } from './en.reporting'
import { enRules } from './en.rules'
import { enDevices } from './en.devices'
import { enDispatch } from './en.dispatch'
import { enDuty } from './en.duty'
import { enDutyDesk } from './en.dutyDesk'
import { enBroadcastWire } from './en.broadcastWire'
import { enExchange } from './en.exchange'
import { enWarnings } from './en.warnings'
import { enField } from './en.field'
import { enIntake } from './en.intake'
import { enAdmin } from './en.admin'
import { enKeys } from './en.keys'
import { enVital } from './en.vital'
import { enKnown } from './en.known'
import { enMap } from './en.map'
import { enKit } from './en.kit'
import { enRoles } from './en.roles'
import { enReplay } from './en.replay'
import { enStatistics } from './en.statistics'
import { enHandoff } from './en.handoff'
import { enRelease } from './en.release'
import { enLifecycle } from './en.lifecycle'
import { enNotices } from './en.notices'
import { enOrders } from './en.orders'
import { enDocuments } from './en.documents'
import { enPeople } from './en.people'
import { enReports } from './en.reports'
import { enReadiness } from './en.readiness'
import { enRegister } from './en.register'
import { enSpotCheck } from './en.spotCheck'
import { enTeams } from './en.teams'
import { enCallouts } from './en.callouts'
import { enMeetings } from './en.meetings'
import { enStatusCalls } from './en.statusCalls'
import { enPlans } from './en.plans'
import { enDrills } from './en.drills'
import { enDrones } from './en.drones'
import { enResponses } from './en.responses'
import { enCameras } from './en.cameras'
import { enShelters } from './en.shelters'
import { enBroadcast } from './en.broadcast'
import { enForces } from './en.forces'
import { enSupplies } from './en.supplies'
import { enTime } from './en.time'
import type { zh } from './zh'

export const en: Record<keyof typeof zh, string> = {
  app: 'Zhishou',
  drill: 'EXERCISE',

  'emergency': 'Emergency login',
  'emergency.hint': 'Only when nobody can log in: every desk is alarmed, the leaders are told, all of it is kept.',
  'emergency.code': 'Code of the sealed sheet',
  'emergency.name': 'Your name',
  'emergency.reason': 'Why',
  'emergency.open': 'Open',
  'emergency.bar': 'Emergency login in use: {who}, {why} ({from}), until {t}',
  'emergency.close': 'End it',
  'emergency.closeSure': 'End the emergency login?',
  'emergency.due': 'The emergency code was used: seal a new one by zhishou break-glass seal on the server',
  'login.title': 'Sign in to the duty desk',
  'login.username': 'User name',
  'login.password': 'Password',
  'login.submit': 'Sign in',
  'factor.title': 'Second factor',
  'factor.off': 'Off. Once on, a login asks for six digits of an app on your phone beside the password.',
  'factor.due': 'Your role needs a second factor. Set it up now and go on, or log out.',
  'factor.on': 'On since {t}, {n} codes left on paper',
  'factor.begin': 'Set up',
  'factor.scan': 'Scan this with an authenticator app (TOTP), then type the six digits it shows',
  'factor.qr': 'QR code for the app',
  'factor.here': 'Authenticator on this device: open it',
  'factor.secret': 'To type where nothing can be scanned',
  'factor.confirm': 'Confirm',
  'factor.paper': 'These codes are shown this once: print them or write them down, and lock them away. Each opens once',
  'factor.print': 'Print',
  'factor.done': 'Kept safe',
  'factor.remove': 'Remove',
  'factor.lostHint': 'When phone and codes are lost: make sure who asks, remove it, and let the owner set it up anew.',
  'factor.dropSure': 'Remove the second factor of {who}? Make sure who asks, in person or by calling back.',
  'factor.replace': 'New phone, or off: type a code',
  'login.code': 'Code',
  'login.codeHint': 'Six digits of the app on your phone; without the phone, a code from paper',
  'sso.busy': 'Checking…',
  'sso.back': 'Back to the login page',
  'sso.declined': 'The identity provider did not let you in: try again, or use name and password',
  'login.wait': 'Too many attempts, try again in {n} s',
  unreachable: 'The server cannot be reached; check the network',
  logout: 'Sign out',


  'count.alarms': 'Unacked',
  'count.overdue': 'Unanswered',
  'count.incidents': 'Open',
  'count.available': 'Available',


  'alarms.title': 'Alarms',
  'alarms.none': 'No alarm waits',
  'alarm.open': 'Unacked',
  'alarm.acknowledged': 'Acked',
  'alarm.ackBy': 'Acked by {who} {t}',
  'alarm.ack': 'Acknowledge',
  'alarm.confirm': 'Make incident',
  'alarm.dismiss': 'Dismiss',
  'alarm.dismissReason': 'Reason for dismissal',
  'alarm.dismiss.mistake': 'Pressed by mistake, holder confirmed',
  'alarm.dismiss.test': 'Device test',
  'alarm.dismiss.duplicate': 'Same as an open incident',
  'alarm.noHolder': 'No registered holder',
  'alarm.noPosition': 'No position',
  'alarm.trail': 'Last positions',
  'alarm.heard': 'Heard',
  'alarm.fixed': 'Fixed',
  'alarm.type': 'Type',

  'queue.title': 'Incident queue',
  'queue.none': 'No open incident',
  'queue.unattended': 'Nobody sent',
  'queue.sent': '{n} sent',
  'queue.back': 'teams back',
  'queue.onScene': '{n} on scene',
  'queue.overdue': '{who} no answer {t}',
  'queue.life': 'Life threat',

  'units.title': 'Units',
  'units.onlyAvailable': 'Available only',
  'units.unit': 'Unit',
  'units.status': 'Status',
  'units.task': 'Task',
  'units.place': 'Place',
  'units.since': 'For',
  'units.fix': 'Fix',
  'units.noFix': 'no fix',
  'units.none': 'No teams',
  'units.showOffDuty': '{n} more off duty, show',
  'units.hideOffDuty': 'Hide {n} off duty',
  'unit.available': 'Standby',
  'unit.dispatched': 'Sent',
  'unit.acknowledged': 'Acked',
  'unit.en_route': 'En route',
  'unit.on_scene': 'On scene',
  'unit.off_duty': 'Off duty',
  'unit.out_of_contact': 'No contact',

  'devices.title': 'Devices and channels',
  'devices.family': 'Kind',
  'devices.ok': 'OK',
  'devices.bad': 'Fault',
  'devices.last': 'Last',
  'devices.none': 'No devices registered',
  'devices.never': 'Never',

  'log.title': 'Event log',
  'log.hold': 'Hold',
  'log.held': 'On hold, {n} new',
  'log.none': 'No events yet',
  'log.system': 'System',
  'log.cat.alarm': 'Alarm',
  'log.cat.incident': 'Incident',
  'log.cat.dispatch': 'Dispatch',
  'log.cat.delivery': 'Delivery',
  'log.cat.team': 'Team',
  'log.cat.text': 'Text',
  'log.cat.device': 'Device',
  'log.cat.account': 'Account',


  'level.1': 'Extraordinary',
  'level.2': 'Major',
  'level.3': 'Larger',
  'level.4': 'General',
  level: 'Level',

  'incident.title': 'Incident',
  'incident.place': 'Place',
  'incident.type': 'Type',
  'incident.source': 'Source',
  'incident.received': 'Received',
  'incident.occurred': 'Occurred',
  'incident.opened': 'Opened',
  'incident.description': 'Situation',
  'incident.callers': 'Callers',
  'incident.casualties': 'Persons',
  'incident.verifying': 'verifying',
  'incident.edit': 'Edit',
  'incident.save': 'Save',
  'incident.close': 'Close incident',
  'incident.closeReason': 'Reason for closing',
  'incident.close.handled': 'Dealt with, people withdrawn',
  'incident.close.unfounded': 'Found to be untrue',
  'incident.close.transferred': 'Handed to another authority',
  'incident.timeline': 'Timeline (printable)',
  'incident.assignments': 'Teams sent',
  'incident.noAssignments': 'Nobody has been sent yet',
  'incident.restricted': 'Restricted',
  'incident.conflict': 'Somebody just changed this incident; the new text is shown, check before saving',
  'incident.gone': 'This incident is closed or outside your area',
  'incident.name': 'Title',

  'source.device_alarm': 'Device alarm',
  'source.telephone': 'Telephone',
  'source.radio': 'Radio',
  'source.walk_in': 'Walk-in',
  'source.superior': 'Superior',
  'source.partner': 'Partner agency',

  'casualty.dead': 'Dead',
  'casualty.missing': 'Missing',
  'casualty.trapped': 'Trapped',
  'casualty.seriously_injured': 'Serious injury',
  'casualty.slightly_injured': 'Slight injury',
  'casualty.at_risk': 'At risk',

  'channel.app': 'phone app',
  'channel.beidou': 'Beidou',
  'channel.jt808': 'vehicle screen',
  'channel.radio': 'radio',
  'channel.telephone': 'telephone',
  'channel.satellite_phone': 'satellite phone',
  'channel.sbd': 'Iridium SBD',
  'channel.sms': 'SMS',
  'channel.radio_370': '370 MHz',
  'channel.neighbour': 'neighbour',
  'channel.messenger': 'messenger',
  'channel.in_person': 'in person',

  'delivery.queued': 'waiting',
  'delivery.submitted': 'submitted, delivery not confirmed',
  'delivery.accepted': 'accepted by gateway, delivery not confirmed',
  'delivery.delivered': 'delivered',
  'delivery.failed': 'failed',
  'delivery.unknown': 'outcome unknown',
  'delivery.expired': 'expired',
  'delivery.cancelled': 'cancelled',
  'delivery.submitted.beidou': 'submitted to satellite, delivery not confirmed',
  'delivery.accepted.beidou': 'accepted by satellite, delivery not confirmed',
  'delivery.submitted.radio': 'given to the repeater, delivery not confirmed',
  'delivery.accepted.radio': 'repeater has it, delivery not confirmed',
  'delivery.submitted.satellite_phone': 'given to the satellite phone, delivery not confirmed',
  'delivery.accepted.satellite_phone': 'message centre has it, delivery not confirmed',
  'delivery.submitted.sbd': 'given to the Iridium modem, delivery not confirmed',
  'delivery.accepted.sbd': 'Iridium gateway has it, delivery not confirmed',
  'delivery.parts': '{n} parts',

  'leader.title': 'Nobody answers: leader, please step in',
  'leader.row': '{team} · {number}',
  'leader.waiting': 'waiting {t}',
  'leader.none': 'Every order has been answered',

  theme: 'Dark or light',
  language: '中文',
  cancel: 'Cancel',
  close: 'Close',
  confirm: 'OK',
  yes: 'yes',
  no: 'no',
  persons: '{n} p.',

  ...enDark,
  ...enReporting,
  ...enRules,
  ...enDevices,
  ...enRegister,
  ...enReadiness,
  ...enCalendar,
  ...enMap,
  ...enChecklists,
  ...enNotices,
  ...enOrders,
  ...enDocuments,
  ...enReports,
  ...enPeople,
  ...enTeams,
  ...enTime,
  ...enBroadcastWire,
  ...enExchange,
  ...enWarnings,
  ...enField,
  ...enKit,
  ...enRoles,
  ...enReplay,
  ...enStatistics,
  ...enHandoff,
  ...enRelease,
  ...enLifecycle,
  ...enIntake,
  ...enKeys,
  ...enAdmin,
  ...enVital,
  ...enAssignment,
  ...enDispatch,
  ...enDuty,
  ...enDutyDesk,
  ...enSpotCheck,
  ...enKnown,
  ...enCallouts,
  ...enStatusCalls,
  ...enMeetings,
  ...enPlans,
  ...enDrills,
  ...enDrones,
  ...enResponses,
  ...enCameras,
  ...enShelters,
  ...enBroadcast,
  ...enForces,
  ...enSupplies,
}
