import { http } from './client'
import type { Answer, Ask } from './types'

export type ContactBoard = Answer<'ContactBoard'>
export type UnitContact = Answer<'UnitContactFact'>
export type ContactTask = Answer<'ContactTaskFact'>
export type NetworkView = Answer<'NetworkView'>
export type LateMessage = Answer<'LateMessageFact'>
export type Messenger = Answer<'MessengerFact'>
export type MessengerIn = Ask<'MessengerIn', 'messenger' | 'region_code' | 'words' | 'expected_at'>
export type MessengerReportIn = Ask<'MessengerReportIn', never>
export type LateEntry = Answer<'LateEntryFact'>
export type LateEntryIn = Ask<'LateEntryIn', 'kind' | 'happened_at' | 'told_at' | 'channel' | 'voucher'>
export type SuspectedPair = Answer<'SuspectedPairFact'>
export type PairAccount = Answer<'AccountFact'>
export type PaperSheet = Answer<'PaperSheetFact'>
export type ToldChannel = LateEntryIn['channel']

const task = (id: number): string => `/api/contact/tasks/${id}`

/** Every endpoint of working in the dark, one line each. */
export const darkApi = {
  board: () => http.get<ContactBoard>('/api/contact'),
  tasks: () => http.get<ContactTask[]>('/api/contact/tasks'),
  take: (id: number) => http.post<ContactTask>(`${task(id)}/owner`, {}),
  attempt: (id: number, body: Ask<'ContactAttemptIn', 'means' | 'result'>) => http.post<ContactTask>(`${task(id)}/attempts`, body),
  closeTask: (id: number, reason: string) => http.post<ContactTask>(`${task(id)}/close`, { reason }),

  network: () => http.get<NetworkView>('/api/network'),
  sayNetwork: (state: 'offline' | 'online' | 'units_silent') => http.post<unknown>('/api/network', { state }),
  decideLate: (id: number, decision: 'again' | 'drop', reason: string) => http.post<LateMessage>(`/api/network/late/${id}`, { decision, reason }),

  messengers: () => http.get<Messenger[]>('/api/messengers'),
  sendMessenger: (body: MessengerIn) => http.post<Messenger>('/api/messengers', body),
  arrived: (id: number, body: MessengerReportIn) => http.post<Messenger>(`/api/messengers/${id}/arrival`, body),
  back: (id: number, body: MessengerReportIn) => http.post<Messenger>(`/api/messengers/${id}/return`, body),

  late: () => http.get<LateEntry[]>('/api/late-entries'),
  enterLate: (body: LateEntryIn) => http.post<LateEntry>('/api/late-entries', body),

  pairs: (settled: boolean) => http.get<SuspectedPair[]>(`/api/reconciliation?settled=${settled}`),
  lookForPairs: () => http.post<SuspectedPair[]>('/api/reconciliation/look', {}),
  decidePair: (id: number, decision: 'both' | 'same' | 'merge', reason: string) => http.post<SuspectedPair>(`/api/reconciliation/${id}/decision`, { decision, reason }),

  sheets: () => http.get<PaperSheet[]>('/api/paper-sheets'),
}

export const SHEET_NOW = '/api/paper-sheets/now.pdf'
export const sheetOf = (sheet: PaperSheet): string => `/api/paper-sheets/${sheet.day}/${sheet.hour}.pdf`
