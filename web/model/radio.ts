import type { RadioTalk, RollCallAnswer } from '@/api/types'

/** Two pages of the log as one, the newest first; a talk that has ended meanwhile is told anew. */
export function mergeTalks(known: readonly RadioTalk[], page: readonly RadioTalk[]): RadioTalk[] {
  const byId = new Map(known.map((talk) => [talk.id, talk]))
  for (const talk of page) byId.set(talk.id, talk)
  return [...byId.values()].sort((a, b) => b.id - a.id)
}

export const there = (answer: RollCallAnswer): boolean => answer.state === 'answered'

const collator = new Intl.Collator('zh-CN', { numeric: true })

/** Call signs in their order; who is called next keeps his place while others are ticked. */
export const inOrder = (answers: readonly RollCallAnswer[]): RollCallAnswer[] =>
  [...answers].sort((a, b) => collator.compare(a.call_sign, b.call_sign) || a.device_id - b.device_id)

export const missingOf = (answers: readonly RollCallAnswer[]): RollCallAnswer[] => inOrder(answers).filter((a) => !there(a))

/** Who is meant by a call sign as it is heard: call sign or number, those who have not answered first. */
export function heardAs(answers: readonly RollCallAnswer[], text: string): RollCallAnswer | null {
  const said = text.trim().toLowerCase()
  if (said === '') return null
  const rank = (a: RollCallAnswer): number => {
    const [sign, number] = [a.call_sign.toLowerCase(), a.number]
    if (sign === said || number === said) return 0
    if (sign.startsWith(said) || number.endsWith(said)) return 1
    return sign.includes(said) ? 2 : 9
  }
  const found = inOrder(answers)
    .map((a) => ({ a, rank: rank(a) + (there(a) ? 0.5 : 0) }))
    .filter((x) => x.rank < 9)
    .sort((x, y) => x.rank - y.rank)
  return found[0]?.a ?? null
}
