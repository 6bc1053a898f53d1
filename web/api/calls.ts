import { http } from './client'
import type { EventPage } from './events'
import type {
  AlarmConfirmIn,
  AlarmFact,
  AssignmentFact,
  AssignmentIn,
  BaseMap,
  DeliveryFact,
  Device,
  IncidentFact,
  IncidentIn,
  IncidentPatch,
  Me,
  PositionIn,
  Recommendation,
  Reference,
  Snapshot,
  StepIn,
  TeamFact,
} from './types'

/** Every endpoint of the server, one line each. */
export const api = {
  login: (username: string, password: string) => http.post<Me>('/api/login', { username, password }),
  logout: () => http.post<undefined>('/api/logout'),
  me: () => http.get<Me>('/api/me'),
  snapshot: () => http.get<Snapshot>('/api/snapshot'),
  events: (after: number, limit: number) => http.get<EventPage>(`/api/events?after=${after}&limit=${limit}`),
  reference: () => http.get<Reference>('/api/reference'),
  baseMap: () => http.get<BaseMap>('/api/map/base'),
  devices: () => http.get<Device[]>('/api/devices'),

  acknowledgeAlarm: (id: number) => http.post<AlarmFact>(`/api/alarms/${id}/acknowledge`),
  confirmAlarm: (id: number, body: AlarmConfirmIn) =>
    http.post<IncidentFact>(`/api/alarms/${id}/confirm`, body),
  dismissAlarm: (id: number, reason: string) => http.post<AlarmFact>(`/api/alarms/${id}/dismiss`, { reason }),

  openIncident: (body: IncidentIn, key: string) => http.post<IncidentFact>('/api/incidents', body, key),
  incident: (id: number) => http.get<IncidentFact>(`/api/incidents/${id}`),
  amendIncident: (id: number, patch: IncidentPatch) => http.patch<IncidentFact>(`/api/incidents/${id}`, patch),
  closeIncident: (id: number, reason: string) =>
    http.post<IncidentFact>(`/api/incidents/${id}/close`, { reason }),
  recommendation: (id: number) => http.get<Recommendation>(`/api/incidents/${id}/recommendation`),
  assign: (incidentId: number, body: AssignmentIn) =>
    http.post<AssignmentFact>(`/api/incidents/${incidentId}/assignments`, body),

  step: (assignmentId: number, body: StepIn) =>
    http.post<AssignmentFact>(`/api/assignments/${assignmentId}/steps`, body),
  receipt: (deliveryId: number) => http.post<DeliveryFact>(`/api/deliveries/${deliveryId}/receipt`),
  setStandby: (teamId: number, standby: boolean) =>
    http.post<TeamFact>(`/api/teams/${teamId}/standby`, { standby }),
  sendPosition: (body: PositionIn) => http.post<undefined>('/api/positions', body),
}
