import { http } from './client'
import type { Answer, Ask } from './types'

export type RulesBrief = Answer<'RulesBrief'>
export type RulesList = Answer<'RulesList'>
export type RulesVersion = Answer<'RulesVersion'>
export type RulesReading = Answer<'RulesReading'>
export type RulesFault = Answer<'RulesFaultFact'>
export type RulesProfile = Answer<'RulesProfileFact'>
export type RulesRule = Answer<'RulesRuleFact'>
export type RulesLimit = Answer<'RulesLimitFact'>
export type RulesDifference = Answer<'RulesDifference'>
export type RulesTrial = Answer<'RulesTrial'>
export type LimitIn = Ask<'LimitIn', 'profile' | 'rule' | 'channel' | 'value'>
export type RulesTryIn = Ask<'RulesTryIn', never>

const AT = '/api/reporting/rules'

/** Every endpoint of the rules of reporting (报送规则), one line each. */
export const rulesApi = {
  list: () => http.get<RulesList>(AT),
  version: (id: number) => http.get<RulesVersion>(`${AT}/${id}`),
  check: (text: string) => http.post<RulesReading>(`${AT}/check`, { text }),
  limits: (text: string, limits: LimitIn[]) => http.post<RulesReading>(`${AT}/limits`, { text, limits }),
  draft: (body: Ask<'RulesDraftIn', 'text' | 'profiles'>) => http.post<RulesBrief>(AT, body),
  edit: (id: number, body: Ask<'RulesDraftIn', 'text' | 'profiles'>) => http.put<RulesBrief>(`${AT}/${id}`, body),
  publish: (id: number, body: Ask<'RulesPublishIn', 'revision' | 'published_last' | 'reason'>) => http.post<RulesBrief>(`${AT}/${id}/publish`, body),
  drop: (id: number, revision: number, reason = '') => http.post<RulesBrief>(`${AT}/${id}/drop`, { revision, reason }),
  diff: (before: number, after: number) => http.get<RulesDifference>(`${AT}/diff?before=${before}&after=${after}`),
  tryOut: (body: RulesTryIn) => http.post<RulesTrial>(`${AT}/try`, body),
}
