import { http } from './client'
import type { Answer } from './types'

export type FieldPhone = Answer<'FieldPhoneFact'>
export type NewPhoneLink = Answer<'NewPhoneLink'>

const of = (person: number): string => `/api/people/${person}/phones`

/** Field phones: let one in by a one-time link, end a lost one. */
export const phonesApi = {
  listed: (person: number) => http.get<FieldPhone[]>(of(person)),
  /** Without a key to be done once: what is answered under one is kept, and a secret must not be. */
  makeLink: (person: number, minutes: number) => http.ask<NewPhoneLink>(of(person), { minutes }),
  revoke: (person: number, phone: number, reason: string) => http.post<FieldPhone>(`${of(person)}/${phone}/revocation`, { reason }),
}
