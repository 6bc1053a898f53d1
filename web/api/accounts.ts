import { http } from './client'
import type { Answer, Ask } from './types'

export type Account = Answer<'UserAccount'>
export type AccountIn = Ask<'AccountIn', 'username' | 'password' | 'name' | 'role' | 'scope'>
export type AccountPatch = Partial<Omit<AccountIn, 'username' | 'password'>> & { active?: boolean }
export type Role = Account['role']
export type Audit = Answer<'AuditFact'>

const of = (id: number): string => `/api/accounts/${id}`

export type FactorState = Answer<'FactorState'>
export type FactorDraft = Answer<'FactorDraft'>
const OWN_FACTOR = '/api/me/second-factor'

/** The second factor of one's own login. Its answers are secrets: they carry no key under which they would be kept. */
export const ownFactorApi = {
  state: () => http.get<FactorState>(OWN_FACTOR),
  begin: () => http.ask<FactorDraft>(OWN_FACTOR, {}),
  confirm: (code: string) => http.ask<Answer<'PaperCodes'>>(`${OWN_FACTOR}/confirmation`, { code }),
  remove: (code: string) => http.ask<FactorState>(`${OWN_FACTOR}/removal`, { code }),
}

/** Every endpoint of kept accounts, one line each. */
export const accountsApi = {
  all: () => http.get<Account[]>('/api/accounts'),
  open: (body: AccountIn) => http.post<Account>('/api/accounts', body),
  amend: (id: number, body: AccountPatch) => http.patch<Account>(of(id), body),
  changeOwn: (current: string, password: string) => http.post<null>('/api/me/password', { current, password }),
  setPassword: (id: number, password: string) => http.post<Account>(`${of(id)}/password`, { password }),
  endLogins: (id: number, login?: string) => http.delete<Account>(`${of(id)}/logins${login === undefined ? '' : `/${login}`}`),
  dropFactor: (id: number) => http.delete<Account>(`${of(id)}/second-factor`),
  audit: (before?: number) => http.get<Audit[]>(`/api/accounts/audit?limit=200${before === undefined ? '' : `&before=${before}`}`),
}

const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789' // none that is taken for another when read aloud
/** A password that can be read aloud: sixteen letters of 31, in four groups. */
export function madePassword(): string {
  const letters: string[] = []
  while (letters.length < 16) {
    const byte = crypto.getRandomValues(new Uint8Array(1))[0] ?? 255
    // Bytes beyond the last whole round would favour the first letters.
    if (byte < LETTERS.length * 8) letters.push(LETTERS[byte % LETTERS.length] ?? '')
  }
  return [0, 4, 8, 12].map((from) => letters.slice(from, from + 4).join('')).join('-')
}
