import type { HandoverItem, HandoverMember, HandoverSheet, Owner, Part, Signer } from '@/api/dutyDesk'
import { ms } from './time'

export type ItemState = 'unread' | 'read' | 'ticked' | 'disorder' | 'gone'

/** How far an item is: one that is over needs nobody any more. */
export function stateOf(item: HandoverItem): ItemState {
  if (item.gone_at !== null) return 'gone'
  if (item.ticked_at !== null) return item.in_order === false ? 'disorder' : 'ticked'
  return item.opened_at === null ? 'unread' : 'read'
}

export const waits = (item: HandoverItem): boolean => ['unread', 'read'].includes(stateOf(item))

/** The next item that waits after this one, from the top again at the end; null when all are ticked. */
export function nextWaiting(items: readonly HandoverItem[], after: number | null): number | null {
  const at = items.findIndex((i) => i.id === after)
  return [...items.slice(at + 1), ...items.slice(0, at + 1)].find(waits)?.id ?? null
}

export function moved(items: readonly HandoverItem[], from: number | null, by: number): number | null {
  const at = items.findIndex((i) => i.id === from)
  const to = at < 0 ? 0 : Math.min(items.length - 1, Math.max(0, at + by))
  return items[to]?.id ?? null
}

/** Time left to an instant as `-12:04` before and `+6:31` after it. */
export function countdown(at: string, now: number): { text: string; over: boolean } {
  const left = ms(at) - now
  const s = Math.floor(Math.abs(left) / 1000)
  const [h, m] = [Math.floor(s / 3600), Math.floor(s / 60) % 60]
  const two = (n: number): string => String(n).padStart(2, '0')
  return { text: `${left < 0 ? '+' : '−'}${h > 0 ? `${h}:${two(m)}` : m}:${two(s % 60)}`, over: left < 0 }
}

export const here = (m: HandoverMember): boolean => m.left_at === null && (m.side === 'outgoing' || m.arrived_at !== null)

/** Whether I am in one of the two teams: then I act for myself only. */
export const takesPart = (sheet: HandoverSheet, me: number | null): boolean => sheet.members.some((m) => m.person_id === me)

/** Who may take items over at this screen: I myself, or whoever is here at the screen of one in neither team. */
export function receivers(sheet: HandoverSheet, me: number | null): HandoverMember[] {
  const incoming = sheet.members.filter((m) => m.side === 'incoming' && here(m))
  return takesPart(sheet, me) ? incoming.filter((m) => m.person_id === me) : incoming
}

/** Who would sign a part now, my own person first. */
export function signerOf(sheet: HandoverSheet, part: Part, me: number | null): Signer | null {
  const found = sheet.signers.filter((s) => s.part === part)
  return found.find((s) => s.person_id === me) ?? found[0] ?? null
}

/** Whether what is addressed to a desk's owner is to be heard here: by his team, and at screens of nobody. */
export const isOwners = (owner: Owner | null, me: number | null): boolean => owner === null || me === null || owner.team_person_ids.includes(me)
