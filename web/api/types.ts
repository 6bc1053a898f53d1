import type { components } from './schema'

type Schemas = components['schemas']

export type Me = Schemas['Me']
export type Role = Schemas['Role']
export type Permission = Schemas['Permission']
export type Actor = Schemas['Actor']
export type PositionFact = Schemas['PositionFact']
export type TrailPoint = Schemas['TrailPoint']
export type AlarmFact = Schemas['AlarmFact']
export type Caller = Schemas['Caller']
export type Casualties = Schemas['Casualties']
export type IncidentSource = Schemas['IncidentSource']
export type IncidentFact = Schemas['IncidentFact']
export type AssignmentState = Schemas['AssignmentState']
export type AssignmentFact = Schemas['AssignmentFact']
export type AnswerChannel = Schemas['AnswerChannel']
export type DeliveryFact = Schemas['DeliveryFact']
export type TeamFact = Schemas['TeamFact']
export type TextFact = Schemas['TextFact']
export type Snapshot = Schemas['Snapshot']
export type Region = Schemas['Region']
export type EventType = Schemas['EventType']
export type Reference = Schemas['Reference']
export type Offer = Schemas['Offer']
export type Recommendation = Schemas['Recommendation']
export type Device = Schemas['Device']
export type Problem = Schemas['Problem']

export type Step = 'acknowledge' | 'decline' | 'depart' | 'arrive' | 'finish' | 'cancel'

export interface StepIn {
  step: Step
  reason?: string
  channel?: AnswerChannel
  happened_at?: string
}

export interface IncidentIn {
  event_code: string
  event_scheme?: string
  title?: string
  initial_level?: number
  life_threat?: boolean
  source?: IncidentSource
  region_code: string
  address?: string
  lon?: number | null
  lat?: number | null
  description?: string
  callers?: Caller[]
  casualties?: Casualties
  occurred_at?: string | null
  received_at?: string | null
}

export interface AssignmentIn {
  team_id: number
  text: string
  rank_when_assigned?: number
}

export interface PositionIn {
  lon: number
  lat: number
  accuracy_m?: number
  fixed_at?: string
  speed_mps?: number
  course_deg?: number
}

/** The drawn county: what kind of line or area a feature is, and its name. */
export interface BaseMap {
  type: 'FeatureCollection'
  features: {
    type: 'Feature'
    geometry: { type: string; coordinates: unknown }
    properties: Record<string, unknown> & { kind: string; name?: string }
  }[]
}
