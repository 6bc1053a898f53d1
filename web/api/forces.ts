import { http } from './client'
import type { Answer, Ask, Recommendation } from './types'

/** Shapes and calls of stations, partners and the recommendation for several incidents. */
export type Deployment = Answer<'DeploymentFact'>
export type DeployIn = Ask<'DeployIn', 'region_code' | 'reason'>
export type Partner = Answer<'PartnerFact'>
export type PartnerIn = Ask<'PartnerIn', 'kind' | 'name_zh' | 'phone'>
export type JointAdvice = Omit<Answer<'JointAdviceFact'>, 'advice'> & { advice: Recommendation[] }

export const PARTNER_KINDS = ['neighbour', 'superior', 'military', 'other'] as const

export const forcesApi = {
  joint: (incident_ids: number[]) => http.post<JointAdvice>('/api/recommendations', { incident_ids }),
  deploy: (team: number, body: DeployIn) => http.post<Deployment>(`/api/teams/${team}/deployment`, body),
  callBack: (team: number) => http.post<Deployment>(`/api/teams/${team}/deployment/end`),
  partners: () => http.get<Partner[]>('/api/partners'),
  enterPartner: (body: PartnerIn) => http.post<Partner>('/api/partners', body),
  amendPartner: (id: number, body: PartnerIn) => http.put<Partner>(`/api/partners/${id}`, body),
  retirePartner: (id: number) => http.post<Partner>(`/api/partners/${id}/retire`),
}
