import type { components } from './schema'
import type { Answer, Ask } from './types'

/** Shapes of the register, its tests and the radio. */
type Schemas = components['schemas']

export type Device = Answer<'DeviceOut'>
export type DeviceState = Device['state']
export type TestWord = Device['test']['state']
export type DeviceDetail = Answer<'DeviceDetail'>
export type DeviceTest = Answer<'DeviceTestFact'>
export type DeviceIn = Ask<'DeviceIn', 'family' | 'number' | 'label' | 'region_code'>
export type DevicePatch = Partial<Schemas['DevicePatch']>
export type TestTableRow = Answer<'TestTableRow'>
export type ImportOut = Answer<'ImportOut'>
export type UnknownDevice = Answer<'UnknownDeviceOut'>
export type Holders = Answer<'HoldersOut'>
export type Holder = Holders['people'][number]
export type TeamName = Holders['teams'][number]

export type TalkGroup = Answer<'TalkGroupOut'>
export type RadioTalk = Answer<'TalkOut'>
export type RollCall = Answer<'RollCallFact'>
export type RollCallDetail = Answer<'RollCallDetail'>
export type RollCallAnswer = Answer<'RollCallAnswerFact'>
export type RollCallIn = Ask<'RollCallIn', 'title'>

export type Kit = Answer<'KitOut'>
export type KitNorm = Kit['norms'][number]
export type StationKit = Kit['stations'][number]
export type KitLine = StationKit['lines'][number]

export type RelayReport = Answer<'RelayReportOut'>
export type RelayFailure = RelayReport['failures'][number]
