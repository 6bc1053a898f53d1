import type { Problem } from './types'

/** A refusal of the server, with its sentence in both languages (RFC 9457). */
export class Refusal extends Error {
  constructor(
    readonly problem: Problem,
    readonly retryAfterS: number | null = null,
  ) {
    super(problem.title)
  }

  get status(): number {
    return this.problem.status
  }
}

/** The server could not be reached at all: nothing is known about the outcome. */
export class Unreachable extends Error {}

/** A version-4 UUID; `crypto.randomUUID` is missing on plain-http pages of the LAN. */
export function newKey(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** The refusal an answer's status and body say. */
export function refusalFrom(status: number, text: string, retryAfterS: number | null = null): Refusal {
  const fallback: Problem = {
    type: 'about:blank',
    title: `HTTP ${status}`,
    status,
    code: `http_${status}`,
    zh: `服务器答复 ${status}`,
    en: `The server answered ${status}`,
  }
  const body = parsed(text)
  return new Refusal(typeof body === 'object' && body !== null ? { ...fallback, ...body } : fallback, retryAfterS)
}

async function refusalOf(response: Response): Promise<Refusal> {
  const after = Number(response.headers.get('Retry-After'))
  const text = await response.text().catch(() => '')
  return refusalFrom(response.status, text, Number.isFinite(after) && after > 0 ? after : null)
}

/** Told when a request is refused because the session has ended. */
let onSessionEnded = (): void => undefined
export const whenSessionEnds = (act: () => void): void => void (onSessionEnded = act)
/** Counts logins: a refusal that was on its way while somebody logged in again says nothing of the new session. */
let logins = 0
const LOGINS = ['/api/login', '/api/login/oidc/session']

async function call<T>(method: string, path: string, body?: unknown, key?: string | null, withinMs?: number): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  const file = body instanceof Blob
  if (body !== undefined) headers['Content-Type'] = file ? body.type || 'application/octet-stream' : 'application/json'
  if (method !== 'GET' && key !== null) headers['Idempotency-Key'] = key ?? newKey()
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' }
  if (body !== undefined) init.body = file ? body : JSON.stringify(body)
  // A network that swallows an answer must not hold up what comes after.
  if (withinMs !== undefined) init.signal = AbortSignal.timeout(withinMs)
  const asked = logins
  let response: Response
  try {
    response = await fetch(path, init)
  } catch (cause) {
    throw new Unreachable(path, { cause })
  }
  if (!response.ok) {
    const refusal = await refusalOf(response)
    if (refusal.problem.code === 'not_logged_in' && asked === logins) onSessionEnded()
    throw refusal
  }
  if (LOGINS.includes(path)) logins += 1
  if (response.status === 204) return undefined as T
  const text = await response.text().catch((cause: unknown) => {
    throw new Unreachable(path, { cause })
  })
  return (text === '' ? undefined : JSON.parse(text)) as T
}

export const http = {
  get: <T>(path: string) => call<T>('GET', path),
  post: <T>(path: string, body: unknown = {}, key?: string, withinMs?: number) => call<T>('POST', path, body, key, withinMs),
  /** A question too long for an address: it does nothing, so nothing need be done only once. */
  ask: <T>(path: string, body: unknown) => call<T>('POST', path, body, null),
  put: <T>(path: string, body: unknown, key?: string) => call<T>('PUT', path, body, key),
  delete: <T>(path: string, key?: string) => call<T>('DELETE', path, undefined, key),
  patch: <T>(path: string, body: unknown, key?: string) => call<T>('PATCH', path, body, key),
}
