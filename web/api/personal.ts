import { http } from './client'
import type { Answer } from './types'

export type RevealedValue = Answer<'RevealedValue'>

/** Masked personal data of one record, whole. The answer carries no key under which it would be kept. */
export const reveal = (source: string, reason: string) => http.ask<Answer<'Revealed'>>('/api/personal-data/reveals', { source, reason })

/** The record with what was revealed of it in its places (JSON pointers). */
export function withValues<T>(record: T, values: readonly RevealedValue[]): T {
  const whole: unknown = JSON.parse(JSON.stringify(record))
  for (const { pointer, value } of values) {
    const path = pointer.split('/').slice(1)
    const last = path.pop()
    let at: unknown = whole
    for (const key of path) at = isRecord(at) ? at[key] : undefined
    if (last !== undefined && isRecord(at)) at[last] = value
  }
  return whole as T
}

const isRecord = (told: unknown): told is Record<string, unknown> => typeof told === 'object' && told !== null
