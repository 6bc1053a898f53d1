import type { BookLine, BusinessLine, EntrySource } from '@/api/dutyDesk'

export const BUSINESS_LINES: readonly BusinessLine[] = ['government', 'work_safety', 'disaster', 'rescue']
export const ENTRY_SOURCES: readonly EntrySource[] = ['desk', 'telephone', 'radio', 'fax', 'superior', 'subordinate', 'partner', 'public', 'media', 'patrol']

export interface BookFilter {
  readonly line: BusinessLine | null
  readonly source: 'all' | 'hand' | 'house'
}

export const filtered = (lines: readonly BookLine[], filter: BookFilter): BookLine[] =>
  lines.filter((l) => (filter.line === null || l.lines.includes(filter.line)) && (filter.source === 'all' || l.by_hand === (filter.source === 'hand')))

/** `2025-07-01` so many days on. */
export function shifted(day: string, by: number): string {
  const [y, m, d] = day.split('-').map(Number)
  return new Date(Date.UTC(y ?? 0, (m ?? 1) - 1, (d ?? 1) + by)).toISOString().slice(0, 10)
}

/** `2025-07` so many months on. */
export function monthShifted(month: string, by: number): string {
  const [y, m] = month.split('-').map(Number)
  return new Date(Date.UTC(y ?? 0, (m ?? 1) - 1 + by, 1)).toISOString().slice(0, 7)
}
