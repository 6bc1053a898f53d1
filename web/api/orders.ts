import { http } from './client'
import type { components } from './schema'
import type { Answer, Ask } from './types'

/** Orders and leaders' instructions: shapes and endpoints. */
type Schemas = components['schemas']

export type Order = Answer<'OrderFact'>
export type OrderDetail = Answer<'OrderDetail'>
export type OrderPart = Answer<'OrderRecipientDetail'>
export type OrderTask = OrderPart['tasks'][number]
export type TaskKind = OrderTask['kind']
export type MyOrder = Answer<'MyOrderFact'>
export type OrderTemplate = Answer<'OrderTemplate'>
export type Instruction = Answer<'InstructionFact'>
export type OrderIn = Ask<'OrderIn', 'title' | 'recipients' | 'tasks'>
export type TaskIn = OrderIn['tasks'][number]
export type RecipientIn = OrderIn['recipients'][number]
export type IssueIn = Ask<'IssueIn', 'revision' | 'issued_as'>
export type OrderAnswerIn = Partial<Schemas['OrderReceiptIn']>
export type FeedbackIn = Ask<'FeedbackIn', 'text'>
export type CloseOutIn = Ask<'CloseOutIn', 'accepted'>
export type InstructionIn = Ask<'InstructionIn', 'leader_name' | 'text'>
export type SplitIn = Ask<'SplitIn', 'title' | 'recipients' | 'tasks'>

const AT = '/api/orders'
const part = (id: number, step: string): string => `${AT}/recipients/${id}/${step}`

export const ordersApi = {
  listed: (state: 'open' | 'all') => http.get<Order[]>(`${AT}?state=${state}`),
  one: (id: number) => http.get<OrderDetail>(`${AT}/${id}`),
  mine: () => http.get<MyOrder[]>(`${AT}/mine`),
  templates: () => http.get<OrderTemplate[]>(`${AT}/templates`),
  draft: (body: OrderIn) => http.post<Order>(AT, body),
  edit: (id: number, body: OrderIn & { revision: number }) => http.put<Order>(`${AT}/${id}`, body),
  issue: (id: number, body: IssueIn) => http.post<Order>(`${AT}/${id}/issue`, body),
  amend: (id: number, body: OrderIn & { revision: number; reason: string }) => http.post<Order>(`${AT}/${id}/amend`, body),
  withdraw: (id: number, reason: string) => http.post<Order>(`${AT}/${id}/withdraw`, { reason }),
  shown: (id: number) => http.post<undefined>(part(id, 'shown')),
  acknowledge: (id: number, body: OrderAnswerIn) => http.post<OrderPart>(part(id, 'acknowledge'), body),
  feedback: (id: number, body: FeedbackIn) => http.post<OrderPart>(part(id, 'feedback'), body),
  closeOut: (id: number, body: CloseOutIn) => http.post<OrderPart>(part(id, 'close-out'), body),

  instructions: () => http.get<Instruction[]>('/api/instructions?closed=true'),
  capture: (body: InstructionIn) => http.post<Instruction>('/api/instructions', body),
  split: (id: number, body: SplitIn) => http.post<Instruction>(`/api/instructions/${id}/split`, body),
  closeInstruction: (id: number, outcome: string) => http.post<Instruction>(`/api/instructions/${id}/close`, { outcome }),
}
