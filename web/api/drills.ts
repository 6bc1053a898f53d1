import { http } from './client'
import type { Answer, Ask } from './types'

export type Drill = Answer<'DrillFact'>
export type DrillBoard = Answer<'DrillBoard'>
export type DrillControl = Answer<'DrillControl'>
export type Inject = Answer<'InjectFact'>
export type ScriptFault = Answer<'ScriptFault'>
export type Task = Answer<'TaskFact'>
export type TaskBoard = Answer<'TaskBoard'>
export type TaskStep = Ask<'TaskStepIn', 'step' | 'revision'>
export type DrillParty = Answer<'DrillPartyFact'>
export type PartyChoice = Answer<'DrillPartyChoice'>
export type DrillStep = 'start' | 'pause' | 'resume' | 'finish' | 'cancel'

const of = (id: number): string => `/api/drills/${id}`

/** Every endpoint of drills and closed loops, one line each. */
export const drillsApi = {
  board: () => http.get<DrillBoard>('/api/drills'),
  plan: (body: Ask<'DrillIn', 'source' | 'planned_at'>) => http.post<Drill>('/api/drills', body),
  edit: (id: number, body: Ask<'DrillEditIn', 'source' | 'planned_at' | 'revision'>) => http.put<Drill>(of(id), body),
  check: (source: string) => http.post<Answer<'ScriptCheck'>>('/api/drills/check', { source }),
  controllers: () => http.get<Answer<'ControllerOut'>[]>('/api/drills/controllers'),
  parties: (words: string) => http.get<PartyChoice[]>(`/api/drills/parties?words=${encodeURIComponent(words)}`),
  control: (id: number) => http.get<DrillControl>(`${of(id)}/control`),
  step: (id: number, step: DrillStep, reason: string) => http.post<Drill>(`${of(id)}/steps`, { step, reason }),
  voice: (id: number, reason: string) => http.post<Drill>(`${of(id)}/live-voice`, { reason }),
  move: (id: number, inject: number, step: 'fire' | 'hold' | 'release' | 'skip') => http.post<DrillControl>(`${of(id)}/injects/${inject}/steps`, { step }),
  mark: (id: number, inject: number, body: { done?: boolean; points?: number; remark?: string }) => http.post<DrillControl>(`${of(id)}/injects/${inject}/mark`, body),
  send: (id: number, inject: Ask<'InjectIn', 'id' | 'kind' | 'title' | 'target_s'>) => http.post<DrillControl>(`${of(id)}/injects`, { inject }),
  evaluate: (id: number, body: Ask<'EvaluationIn', never>) => http.post<DrillControl>(`${of(id)}/evaluation`, body),
  tasks: (state: 'open' | 'over') => http.get<TaskBoard>(`/api/tasks?state=${state}`),
  find: (body: Ask<'LoopIn', 'kind' | 'title' | 'region_code'>) => http.post<Task>('/api/tasks', body),
  arrive: (id: number, body: Ask<'TaskArrivalIn', 'unit_id' | 'name'>) => http.post<Task>(`/api/tasks/${id}/arrivals`, body),
  convert: (id: number, body: Ask<'IncidentIn', 'event_code' | 'region_code'>) => http.post<Answer<'IncidentFact'>>(`/api/tasks/${id}/incident`, body),
  repairs: (device: number) => http.get<Task[]>(`/api/devices/${device}/repairs`),
  repair: (device: number, words: string) => http.post<Task>(`/api/devices/${device}/repair`, { words }),
  ofCheck: (check: number) => http.get<Task[]>(`/api/spot-checks/${check}/tasks`),
  ofFinding: (finding: number, words: string) => http.post<Task>(`/api/spot-checks/findings/${finding}/task`, { words }),
  take: (id: number, body: TaskStep) => http.post<Task>(`/api/tasks/${id}/steps`, body),
}

export const drillSheet = (id: number): string => `${of(id)}/sheet.html`
