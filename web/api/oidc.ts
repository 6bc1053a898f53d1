import { http } from './client'
import type { Answer } from './types'

/** What a provider gave the browser to come back with. */
export interface Returned {
  code?: string
  state?: string
  iss?: string
  error?: string
}

/** Log in by the county's identity provider. */
export const oidcApi = {
  offer: () => http.get<Answer<'OidcOffer'>>('/api/login/oidc'),
  begin: () => http.ask<Answer<'OidcBegun'>>('/api/login/oidc', {}),
  finish: (told: { code?: string; state?: string; iss?: string; factor?: string }) => http.ask<Answer<'Me'>>('/api/login/oidc/session', told),
}

/** What an address says of a login that came back, null for any other. */
export function returned(search: string): Returned | null {
  const told = new URLSearchParams(search)
  if (!told.has('state') || !(told.has('code') || told.has('error'))) return null
  return Object.fromEntries(['code', 'state', 'iss', 'error'].flatMap((name) => (told.has(name) ? [[name, told.get(name)]] : [])))
}
