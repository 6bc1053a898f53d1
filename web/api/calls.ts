import { http } from './client'
import { dutyApi } from './dutyCalls'
import type { EventPage } from './events'
import { knownApi } from './known'
import type {
  AlarmConfirmIn,
  AlarmFact,
  ArchiveFound,
  AssignmentFact,
  AssignmentIn,
  BaseMap,
  DeliveryFact,
  Device,
  DeviceDetail,
  DeviceIn,
  DevicePatch,
  DeviceTest,
  Holders,
  ImportOut,
  IncidentFact,
  IncidentIn,
  IncidentPatch,
  Kit,
  Me,
  PositionIn,
  PostOnDuty,
  RadioTalk,
  RelayReport,
  Recommendation,
  Replacement,
  RecommendIn,
  Reference,
  RollCall,
  RollCallAnswer,
  RollCallDetail,
  RollCallIn,
  Snapshot,
  StepIn,
  TalkGroup,
  TeamFact,
  TestTableRow,
  UnknownDevice,
} from './types'

/** Every endpoint of the server, one line each. */
export const api = {
  ...dutyApi,
  ...knownApi,

  login: (username: string, password: string, code?: string) => http.post<Me>('/api/login', { username, password, code: code ?? null }),
  logout: () => http.post<undefined>('/api/logout'),
  me: () => http.get<Me>('/api/me'),
  snapshot: () => http.get<Snapshot>('/api/snapshot'),
  events: (after: number, limit: number) => http.get<EventPage>(`/api/events?after=${after}&limit=${limit}`),
  reference: () => http.get<Reference>('/api/reference'),
  baseMap: () => http.get<BaseMap>('/api/map/base'),
  onDutyAt: (postId: number) => http.get<PostOnDuty>(`/api/duty/posts/${postId}/now`),
  health: () => http.get<{ parts: Record<string, Record<string, unknown>> }>('/api/health'),

  devices: () => http.get<Device[]>('/api/devices'),
  device: (id: number) => http.get<DeviceDetail>(`/api/devices/${id}`),
  enterDevice: (body: DeviceIn) => http.post<Device>('/api/devices', body),
  amendDevice: (id: number, patch: DevicePatch) => http.patch<Device>(`/api/devices/${id}`, patch),
  unpinDevice: (id: number) => http.post<Device>(`/api/devices/${id}/unpin`),
  unknownDevices: () => http.get<UnknownDevice[]>('/api/devices/unknown'),
  fileUnknown: (body: DeviceIn) => http.post<Device>('/api/devices/unknown/file', body),
  dismissUnknown: (body: { family: string; number: string; reason: string }) => http.post<undefined>('/api/devices/unknown/dismiss', body),
  holders: (text: string) => http.get<Holders>(`/api/holders?text=${encodeURIComponent(text)}`),
  importDevices: (sheet: Blob, apply: boolean) => http.post<ImportOut>(`/api/devices/import?apply=${apply}`, sheet),
  testDevice: (id: number, byHand?: { passed: boolean; detail: string }) =>
    http.post<DeviceTest>(`/api/devices/${id}/tests`, byHand === undefined ? {} : { by_hand: byHand }),
  kit: () => http.get<Kit>('/api/kit'),
  relayFailures: () => http.get<RelayReport>('/api/relay-failures'),
  testTable: () => http.get<TestTableRow[]>('/api/device-tests/table'),

  radioLog: (before: string | null, limit: number) =>
    http.get<RadioTalk[]>(`/api/radio/log?limit=${limit}${before === null ? '' : `&before=${encodeURIComponent(before)}`}`),
  talkGroups: () => http.get<TalkGroup[]>('/api/talk-groups'),
  rollCalls: () => http.get<RollCall[]>('/api/roll-calls'),
  rollCall: (id: number) => http.get<RollCallDetail>(`/api/roll-calls/${id}`),
  openRollCall: (body: RollCallIn) => http.post<RollCall>('/api/roll-calls', body),
  answerRollCall: (id: number, body: { device_id: number; answered: boolean; note: string }) =>
    http.post<RollCallAnswer>(`/api/roll-calls/${id}/answers`, body),
  closeRollCall: (id: number) => http.post<RollCall>(`/api/roll-calls/${id}/close`),

  searchArchive: (words: string, before: number | null) => http.get<ArchiveFound>(`/api/archive?words=${encodeURIComponent(words)}${before === null ? '' : `&before=${before}`}`),
  acknowledgeAlarm: (id: number) => http.post<AlarmFact>(`/api/alarms/${id}/acknowledge`),
  confirmAlarm: (id: number, body: AlarmConfirmIn, key?: string) =>
    http.post<IncidentFact>(`/api/alarms/${id}/confirm`, body, key),
  dismissAlarm: (id: number, reason: string) => http.post<AlarmFact>(`/api/alarms/${id}/dismiss`, { reason }),
  confirmDismissal: (id: number) => http.post<AlarmFact>(`/api/alarms/${id}/dismissal/confirm`),
  refuseDismissal: (id: number) => http.post<AlarmFact>(`/api/alarms/${id}/dismissal/refuse`),

  openIncident: (body: IncidentIn, key: string) => http.post<IncidentFact>('/api/incidents', body, key),
  incident: (id: number) => http.get<IncidentFact>(`/api/incidents/${id}`),
  amendIncident: (id: number, patch: IncidentPatch) => http.patch<IncidentFact>(`/api/incidents/${id}`, patch),
  closeIncident: (id: number, reason: string) =>
    http.post<IncidentFact>(`/api/incidents/${id}/close`, { reason }),
  recommend: (id: number, ask: RecommendIn) =>
    http.post<Recommendation>(`/api/incidents/${id}/recommendation`, ask),
  replacement: (assignmentId: number) => http.get<Replacement>(`/api/assignments/${assignmentId}/replacement`),
  assign: (incidentId: number, body: AssignmentIn) =>
    http.post<AssignmentFact>(`/api/incidents/${incidentId}/assignments`, body),

  step: (assignmentId: number, body: StepIn) =>
    http.post<AssignmentFact>(`/api/assignments/${assignmentId}/steps`, body),
  receipt: (deliveryId: number) => http.post<DeliveryFact>(`/api/deliveries/${deliveryId}/receipt`),
  setStandby: (teamId: number, standby: boolean) =>
    http.post<TeamFact>(`/api/teams/${teamId}/standby`, { standby }),
  sendPosition: (body: PositionIn) => http.post<undefined>('/api/positions', body),
}
