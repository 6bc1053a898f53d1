import type { components } from './schema'

export type * from './devices'
export type * from './duty'

type Schemas = components['schemas']

/** As the server sends it: a default makes a field optional only for those who write. */
export type Sent<T> = T extends (infer U)[]
  ? Sent<U>[]
  : T extends object
    ? { [K in keyof T]-?: Sent<Exclude<T[K], undefined>> }
    : T

export type Answer<K extends keyof Schemas> = Sent<Schemas[K]>
/** As we may write it: what has a default may be left out. */
export type Ask<K extends keyof Schemas, Needed extends keyof Schemas[K]> = Partial<Schemas[K]> & Pick<Schemas[K], Needed>

export type Me = Answer<'Me'>
export type Role = Me['role']
export type Permission = Me['permissions'][number]
export type Actor = Answer<'Actor'>
export type PositionFact = Answer<'PositionFact'>
export type TrailPoint = Answer<'TrailPoint'>
export type AlarmFact = Answer<'AlarmFact'>
export type ArchiveFound = Answer<'ArchiveFound'>
export type DismissalFact = Answer<'DismissalFact'>
export type SearchFact = Answer<'SearchFact'>
type Rung = 'ring_began_at' | 'answered_at' | 'rings'
export type Caller = Omit<Answer<'Caller'>, Rung> & Partial<Pick<Answer<'Caller'>, Rung>>
export type Casualties = Answer<'Casualties'>
export type FigureFact = Answer<'FigureFact'>
export type FigureBook = Answer<'FigureBook'>
export type FigureIn = Ask<'FigureIn', 'kind' | 'value' | 'source'>
export type PlaceIn = Ask<'PlaceIn', 'version'>
export type SecrecyIn = Ask<'SecrecyIn', 'version' | 'sensitive' | 'restricted' | 'reason'>
export type AttachmentFact = Answer<'AttachmentFact'>
export type NoticeFact = Answer<'IntakeNoticeFact'>
export type NoticeIn = Ask<'IntakeNoticeIn', never>
export type TypedNoticeIn = Ask<'TypedNoticeIn', never>
export type Partner = Answer<'LinkedPartnerFact'>
export type NewPartner = Answer<'NewPartner'>
export type IncidentFact = Answer<'IncidentFact'>
export type AssignmentFact = Answer<'AssignmentFact'>
export type AssignmentState = AssignmentFact['state']
export type PostOnDuty = Answer<'PostOnDuty'>
export type AnswerChannel = NonNullable<AssignmentFact['answer_channel']>
export type DeliveryFact = Answer<'DeliveryFact'>
export type TeamFact = Answer<'TeamFact'>
export type Snapshot = Answer<'SnapshotOut'>
export type Region = Answer<'RegionOut'>
export type EventType = Answer<'EventTypeOut'>
export type Reference = Answer<'ReferenceOut'>
export type Offer = Answer<'OfferFact'>
export type Recommendation = Answer<'AdviceFact'>
export type Replacement = Answer<'ReplacementFact'>
export type RecommendIn = Ask<'AskIn', never>

export type IncidentIn = Ask<'IncidentIn', 'event_code' | 'region_code'>
export type IncidentPatch = Ask<'IncidentPatch', 'version'>
export type AlarmConfirmIn = Ask<'AlarmConfirmIn', never>
export type AssignmentIn = Ask<'AssignIn', 'team_id'>
export type StepIn = Ask<'StepIn', 'step'>
export type Step = StepIn['step']
export type PositionIn = Ask<'PositionIn', 'lon' | 'lat'>

/** A refusal as RFC 9457 sends it; not part of the OpenAPI document. */
export interface Problem {
  type: string
  title: string
  status: number
  code: string
  zh: string
  en: string
  fields?: { name: string; zh: string; en: string }[]
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
