import { computed, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/calls'
import { Refusal } from '@/api/client'
import type { Cell, Day, Leave, PersonAtPost, RosterOut, RosterPreview } from '@/api/types'
import { say, t } from '@/i18n'
import { begin, did, redo, undo, type History } from '@/model/history'
import { dayAt, daysOf } from '@/model/month'
import { cellKey, differences, findingsByPlace, loads, type Place } from '@/model/roster'
import { serverNow } from '@/ui/clock'
import { attempt, tell } from '@/ui/notice'

interface Unsaved {
  readonly version: number
  readonly history: History<readonly Cell[]>
}

/** Edits that are not saved outlive the page of their month, as long as this window is open. */
const unsaved = new Map<string, Unsaved>()
export const anyUnsaved = (): boolean => unsaved.size > 0

const sameCells = (a: readonly Cell[], b: readonly Cell[]): boolean => {
  const keys = new Set(b.map(cellKey))
  return a.length === b.length && a.every((c) => keys.has(cellKey(c)))
}

/** The roster of a post for a month as it is worked on: what is saved, what is changed since, what rules say. */
export function useBoard(post: Ref<number>, month: Ref<string>) {
  const out = shallowRef<RosterOut | null>(null)
  const preview = shallowRef<RosterPreview | null>(null)
  const people = shallowRef<readonly PersonAtPost[]>([])
  const calendar = shallowRef<readonly Day[]>([])
  const away = shallowRef<readonly Leave[]>([])
  const history = shallowRef<History<readonly Cell[]>>(begin([]))
  const base = shallowRef<readonly Cell[]>([])
  const version = ref(0)
  /** Who changed the draft meanwhile, in the server's words; our edits are kept. */
  const stale = ref<string | null>(null)
  const busy = ref(false)
  const place = shallowRef<Place>({ seat: 0, day: 0 })
  const copied = ref<number | null>(null)

  const days = computed(() => daysOf(month.value, calendar.value))
  const cells = computed(() => history.value.now)
  const seats = computed(() => out.value?.seats ?? [])
  const published = computed(() => out.value?.roster.published ?? [])
  const dirty = computed(() => !sameCells(cells.value, base.value))
  const isDraft = computed(() => dirty.value || (out.value?.roster.draft ?? null) !== null)
  const diff = computed(() => differences(cells.value, isDraft.value ? published.value : cells.value, days.value))
  const carried = computed(() => loads(cells.value, days.value))
  const findings = computed(() => preview.value?.findings ?? [])
  const found = computed(() => findingsByPlace(findings.value, cells.value, days.value))
  const names = computed(() => new Map([...(out.value?.shifts ?? []).map((s) => [s.person_id, s.person_name] as const), ...people.value.map((p) => [p.id, p.name] as const)]))
  const nameOf = (person: number): string => names.value.get(person) ?? `#${person}`

  const key = (): string => `${post.value} ${month.value}`

  function keep(): void {
    if (dirty.value) unsaved.set(key(), { version: version.value, history: history.value })
    else unsaved.delete(key())
  }

  function take(shown: RosterPreview, told: RosterOut): void {
    out.value = { ...told, roster: shown.roster }
    preview.value = shown
    version.value = shown.roster.draft_version
    base.value = shown.roster.draft ?? shown.roster.published ?? []
    stale.value = null
  }

  async function load(): Promise<void> {
    const asked = key()
    const [told, shown, who, when, leave] = await Promise.all([
      attempt(() => api.roster(post.value, month.value)),
      api.rosterPreview(post.value, month.value).catch(() => null),
      api.postPeople(post.value).catch(() => []),
      api.days(month.value).catch(() => []),
      api.leave().catch(() => []),
    ])
    if (asked !== key() || told === undefined || shown === null) return
    people.value = who
    calendar.value = when
    away.value = leave
    take(shown, told)
    const mine = unsaved.get(asked)
    history.value = mine?.history ?? begin(base.value)
    if (mine !== undefined && mine.version !== version.value) {
      stale.value = t('roster.staleOnReturn', { name: shown.roster.draft_by })
      version.value = mine.version
    }
    if (!told.seats.some((s) => s.id === place.value.seat)) place.value = { seat: told.seats[0]?.id ?? 0, day: dayAt(days.value, serverNow()) ?? 0 }
  }

  /** Changes that others made are read again, unless they would take away what is not saved here. */
  async function follow(): Promise<void> {
    const before = out.value
    if (before === null || busy.value) return
    if (!dirty.value) return load()
    const told = await api.roster(post.value, month.value).catch(() => null)
    if (told !== null && out.value === before) out.value = { ...told, roster: before.roster }
  }

  function edit(next: readonly Cell[]): void {
    history.value = did(history.value, next)
    keep()
  }
  function back(): void {
    history.value = undo(history.value)
    keep()
  }
  function again(): void {
    history.value = redo(history.value)
    keep()
  }

  async function command(ask: () => Promise<RosterPreview>, fresh: boolean): Promise<boolean> {
    const told = out.value
    if (told === null || busy.value) return false
    busy.value = true
    try {
      take(await ask(), told)
      history.value = fresh ? did(history.value, base.value) : history.value
      keep()
      return true
    } catch (error) {
      if (error instanceof Refusal && error.problem.code === 'stale_roster') stale.value = say(error.problem)
      else if (error instanceof Refusal) tell(say(error.problem))
      else throw error
      return false
    } finally {
      busy.value = false
    }
  }

  const save = (): Promise<boolean> => command(() => api.saveDraft(post.value, month.value, { version: version.value, cells: cells.value }), false)
  const propose = (source: 'rotation' | 'published'): Promise<boolean> => command(() => api.propose(post.value, month.value, { version: version.value, source }), true)
  async function publish(accepting: string[]): Promise<boolean> {
    const done = await command(() => api.publishRoster(post.value, month.value, { version: version.value, accepting }), true)
    if (done) await load()
    return done
  }

  /** Give up what is not saved and see what is there. */
  async function reload(): Promise<void> {
    unsaved.delete(key())
    await load()
  }

  /** Save what is here in place of what somebody else saved meanwhile. */
  async function saveOver(): Promise<void> {
    const newest = await attempt(() => api.roster(post.value, month.value))
    if (newest === undefined) return
    version.value = newest.roster.draft_version
    await save()
  }

  watch([post, month], () => {
    out.value = null
    copied.value = null
    void load()
  })

  return { out, preview, people, days, away, cells, seats, published, dirty, isDraft, diff, carried, findings, found, nameOf, history, stale, busy, place, copied, load, follow, edit, back, again, save, propose, publish, reload, saveOver }
}

export type Board = ReturnType<typeof useBoard>
