import { meetsName } from './pinyin'

/** Something the command palette finds: a page, a thing, or a command with its key. */
export interface Found {
  readonly id: string
  readonly kind: FoundKind
  /** Every name it goes by: Chinese, English, number; the first is what is shown. */
  readonly names: readonly string[]
  readonly hint?: string
  readonly cap?: string
  readonly act: () => void
}

export type FoundKind = 'command' | 'incident' | 'page' | 'team' | 'person' | 'plan'
export const KINDS: readonly FoundKind[] = ['command', 'incident', 'page', 'team', 'person', 'plan']

const MOST = 40

/** How well a name meets the query, lower is better; null not at all. Later words and syllables count too. */
function meets(query: string, name: string): number | null {
  const lower = name.toLowerCase()
  if (lower.startsWith(query)) return 1
  const word = lower.split(/[\s·\-—/:]+/).findIndex((w) => w.startsWith(query))
  if (word >= 0) return 2 + Math.min(word, 3) / 4
  const whole = meetsName(query, name)
  if (whole !== null) return whole + 0.5
  // Any syllable on: `fzjy` finds 洲尾镇防灾救援队.
  for (let from = 1; from < Math.min(name.length, 24); from += 1) if (meetsName(query, name.slice(from)) !== null) return 6 + from / 10
  return lower.includes(query) ? 9 : null
}

/** The best first; without a query commands and incidents, in their own order. */
export function search(all: readonly Found[], text: string): Found[] {
  const query = text.trim().toLowerCase()
  if (query === '') return all.filter((one) => one.kind === 'command' || one.kind === 'incident').slice(0, MOST)
  return all
    .flatMap((one, order) => {
      const ranks = one.names.flatMap((name) => meets(query, name) ?? [])
      return ranks.length === 0 ? [] : [{ one, rank: Math.min(...ranks), order }]
    })
    .sort((a, b) => Math.floor(a.rank) - Math.floor(b.rank) || KINDS.indexOf(a.one.kind) - KINDS.indexOf(b.one.kind) || a.rank - b.rank || a.order - b.order)
    .slice(0, MOST)
    .map((hit) => hit.one)
}
