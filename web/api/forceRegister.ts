import { http } from './client'
import type { Answer, Ask } from './types'

/** Shapes and calls of the register of forces. */
export type ForceTeam = Answer<'ForceTeamFact'>
export type ForceTeamIn = Ask<'ForceTeamIn', 'name_zh' | 'kind' | 'region_code'>
export type TeamKind = ForceTeamIn['kind']
export type Equipment = Answer<'EquipmentFact'>
export type EquipmentIn = Ask<'EquipmentIn', 'kind' | 'name' | 'number'>
export type EquipmentKind = Equipment['kind']
export type Readiness = Equipment['readiness']
export type ReadinessIn = Ask<'ReadinessIn', 'readiness' | 'revision'>
export type Expert = Answer<'ExpertFact'>
export type ExpertIn = Ask<'ExpertIn', 'name_zh' | 'sector' | 'phone' | 'region_code'>
export type Sector = Expert['sector']
export type ExpertCall = Answer<'ExpertCallFact'>
export type ExpertCallIn = Ask<'ExpertCallIn', 'expert_id' | 'outcome'>
export type ForceImport = Answer<'ForceImportOut'>

export const TEAM_KINDS = ['professional', 'semi_pro', 'enterprise', 'social', 'militia', 'volunteer', 'fire_rescue', 'professional_forest_fire', 'semi_pro_fire', 'flood', 'medical', 'first_aid', 'village_detachment'] as const satisfies readonly TeamKind[]
export const EQUIPMENT_KINDS = ['assault_boat', 'rubber_boat', 'fire_engine', 'rescue_vehicle', 'ambulance', 'truck', 'pump_vehicle', 'comms_vehicle', 'excavator', 'loader', 'pump', 'generator', 'lighting', 'uav', 'chain_saw', 'blower', 'hydraulic_tool', 'life_detector', 'gas_detector', 'hazmat_suit', 'aed', 'satellite_station', 'other'] as const satisfies readonly EquipmentKind[]
export const READINESS = ['ready', 'limited', 'in_repair', 'missing'] as const satisfies readonly Readiness[]
export const SECTORS = ['flood', 'forest_fire', 'geology', 'meteorology', 'mine', 'hazmat', 'fire', 'construction', 'traffic', 'utilities', 'health', 'animal_disease', 'comms', 'other'] as const satisfies readonly Sector[]
export const OUTCOMES = ['answered', 'coming', 'no_answer', 'refused'] as const satisfies readonly ExpertCall['outcome'][]

/** What a list of equipment is asked by; an empty word asks for all. */
export interface EquipmentQuery {
  text: string
  region: string
  kind: string
  readiness: string
  team_id: number | null
  unit_id: number | null
  retired: boolean
}

const asked = (query: Partial<EquipmentQuery>): string =>
  new URLSearchParams(
    Object.entries(query)
      .filter(([, value]) => value !== '' && value !== null && value !== false)
      .map(([name, value]) => [name, String(value)]),
  ).toString()

export const forceRegisterApi = {
  teams: () => http.get<ForceTeam[]>('/api/teams'),
  team: (id: number) => http.get<ForceTeam>(`/api/teams/${id}`),
  enterTeam: (body: ForceTeamIn) => http.post<ForceTeam>('/api/teams', body),
  amendTeam: (id: number, body: ForceTeamIn & { revision: number }) => http.put<ForceTeam>(`/api/teams/${id}`, body),
  retireTeam: (id: number, revision: number) => http.post<ForceTeam>(`/api/teams/${id}/retire`, { revision }),

  equipment: (query: Partial<EquipmentQuery>, offset = 0, limit = 200) => http.get<Answer<'EquipmentPage'>>(`/api/equipment?${asked(query)}&offset=${offset}&limit=${limit}`),
  piece: (id: number) => http.get<Equipment>(`/api/equipment/${id}`),
  enterPiece: (body: EquipmentIn) => http.post<Equipment>('/api/equipment', body),
  amendPiece: (id: number, body: EquipmentIn & { revision: number }) => http.put<Equipment>(`/api/equipment/${id}`, body),
  setReadiness: (id: number, body: ReadinessIn) => http.post<Equipment>(`/api/equipment/${id}/readiness`, body),
  retirePiece: (id: number, revision: number) => http.post<Equipment>(`/api/equipment/${id}/retire`, { revision }),
  importEquipment: (sheet: Blob, apply: boolean) => http.post<ForceImport>(`/api/equipment/import?apply=${apply}`, sheet),

  experts: (text = '', sector = '', retired = false) => http.get<Expert[]>(`/api/experts?${new URLSearchParams({ text, ...(sector === '' ? {} : { sector }), retired: String(retired) })}`),
  expert: (id: number) => http.get<Expert>(`/api/experts/${id}`),
  enterExpert: (body: ExpertIn) => http.post<Expert>('/api/experts', body),
  amendExpert: (id: number, body: ExpertIn & { revision: number }) => http.put<Expert>(`/api/experts/${id}`, body),
  retireExpert: (id: number, revision: number) => http.post<Expert>(`/api/experts/${id}/retire`, { revision }),
  importExperts: (sheet: Blob, apply: boolean) => http.post<ForceImport>(`/api/experts/import?apply=${apply}`, sheet),

  calls: (incident: number) => http.get<ExpertCall[]>(`/api/incidents/${incident}/expert-calls`),
  call: (incident: number, body: ExpertCallIn) => http.post<ExpertCall>(`/api/incidents/${incident}/expert-calls`, body),
}

export const EQUIPMENT_SHEET = '/api/equipment/export.xlsx'
export const EXPERT_SHEET = '/api/experts/export.xlsx'
