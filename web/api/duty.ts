import type { components } from './schema'
import type { Answer, Ask } from './types'

/** Shapes of duty: who is there, rosters, leave, swaps. */
type Schemas = components['schemas']

export type Generation = Answer<'GenerationFact'>
export type GenerationIn = Ask<'GenerationIn', 'month' | 'post_ids'>
export type Post = Answer<'PostFact'>
export type PostOnDuty = Answer<'PostOnDuty'>
export type SeatOnDuty = Answer<'SeatOnDuty'>
export type Seat = Answer<'SeatFact'>
export type SeatRole = Seat['role']
export type Shift = Answer<'ShiftFact'>
export type Gap = Answer<'GapFact'>
export type Substitute = Answer<'SubstituteFact'>
export type LeaderCall = Answer<'LeaderCallFact'>
export type Attendance = Answer<'AttendanceFact'>
export type ArrivalIn = Ask<'ArrivalIn', never>
export type LeavingIn = Ask<'LeavingIn', never>

export type RosterOut = Answer<'RosterOut'>
export type Roster = Answer<'RosterFact'>
export type RosterPreview = Answer<'RosterPreview'>
export type Cell = Answer<'CellFact'>
export type Finding = Answer<'FindingFact'>
export type Override = Answer<'OverrideFact'>
export type Temporary = Answer<'TemporaryFact'>
export type PersonAtPost = Answer<'PersonAtPost'>
export type Day = Answer<'DayOut'>
export type CountyDay = Answer<'CountyDayFact'>
export type CountyDayIn = Ask<'CountyDayIn', 'kind' | 'name_zh' | 'reason'>
export type OverrideIn = Ask<'OverrideIn', 'seat_id' | 'starts_at' | 'ends_at' | 'reason'>

export type Leave = Answer<'LeaveFact'>
export type LeaveKind = Leave['kind']
export type LeaveIn = Ask<'LeaveIn', 'kind' | 'starts_at' | 'ends_at'>
export type Swap = Answer<'SwapFact'>
export type SwapIn = Ask<'SwapIn', 'shift_id' | 'reason'>
export type Word = Schemas['DecisionIn']

export type Feed = Answer<'FeedFact'>
export type NewFeed = Answer<'NewFeed'>
