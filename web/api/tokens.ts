import { http } from './client'
import type { Answer, Ask } from './types'

export type Token = Answer<'TokenFact'>
export type TokenIn = Ask<'TokenIn', 'name' | 'scopes' | 'scope'>

/** Every endpoint of API tokens. Making one carries no key: its answer holds a secret. */
export const tokensApi = {
  all: () => http.get<Token[]>('/api/tokens'),
  make: (body: TokenIn) => http.ask<Answer<'NewToken'>>('/api/tokens', body),
  revoke: (id: number) => http.post<Token>(`/api/tokens/${id}/revoke`),
}
