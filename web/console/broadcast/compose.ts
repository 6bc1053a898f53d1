import { computed, reactive, ref, shallowRef, watch } from 'vue'
import { broadcastsApi, type AreaIn, type BroadcastCoverage, type BroadcastIn, type BroadcastSheet, type BroadcastTemplate, type BroadcastWish, type Voice } from '@/api/broadcasts'
import { newKey } from '@/api/client'
import { filledText, lettersOf, onAirSeconds, onceSeconds, secondsOf } from '@/model/broadcasts'
import { instantOf, localInput, shortDay } from '@/model/time'
import { serverNow } from '@/ui/clock'
import { attempt } from '@/ui/notice'
import { calmly } from '../dutyDesk'
import { placeName } from '../store'
import { isOver, type WarningTell } from '../warnings/announced'

export const WISHES: readonly BroadcastWish[] = ['actual', 'drill_platform', 'drill_front_end', 'drill_terminal']
export const COLOURS = ['red', 'orange', 'yellow', 'blue'] as const
export const LANGUAGES = ['zho', 'eng', 'yue', 'hak', 'nan', 'uig', 'bod', 'mon', 'kaz', 'zha', 'kor'] as const
const WISHES_BY_TYPE: Record<number, BroadcastWish> = { 1: 'actual', 3: 'drill_platform', 4: 'drill_front_end', 5: 'drill_terminal' }
const COLOUR_BY_SEVERITY: Record<number, string> = { 1: 'red', 2: 'orange', 3: 'yellow', 4: 'blue' }
const WAIT_MS = 250

/** The form of a sheet: text, area, window; what it would reach follows the area by itself. */
export function useCompose(unit: () => string) {
  const draft = reactive({
    wish: 'actual' as BroadcastWish,
    event: '11A51',
    colour: 'orange' as string,
    title: '',
    text: '',
    language: 'zho' as string,
    more: [] as { language: string; title: string; text: string }[],
    template: '',
    areas: [] as string[],
    polygons: [] as [number, number][][],
    start: '',
    end: '',
    repeats: 3,
    interval: 5,
    replaces: null as number | null,
    cause: { kind: '' as NonNullable<BroadcastIn['cause_kind']>, id: null as number | null, words: '', status: 'actual' },
  })
  const voice = shallowRef<Voice | null>(null)
  const edited = shallowRef<BroadcastSheet | null>(null)
  const coverage = shallowRef<BroadcastCoverage | null>(null)
  const coverageError = ref('')
  let press = newKey()

  const drill = computed(() => draft.wish !== 'actual')
  const once = computed(() => onceSeconds(voice.value?.seconds ?? secondsOf(draft.text), draft.more.map((x) => x.text)))
  const letters = computed(() => lettersOf(draft.text))
  const inAll = computed(() => onAirSeconds(once.value, draft.repeats, draft.interval))
  const area = computed<AreaIn>(() => ({ areas: draft.areas, polygons: draft.polygons, replaces_id: draft.replaces }))
  const somewhere = computed(() => draft.areas.length + draft.polygons.length > 0 || draft.replaces !== null)
  const ready = computed(() => [draft, ...draft.more].every((x) => x.title.trim() !== '' && x.text.trim() !== '') && somewhere.value)

  async function check(): Promise<void> {
    if (!somewhere.value) {
      coverage.value = null
      return
    }
    const told = await attempt(() => broadcastsApi.coverage(area.value, drill.value))
    if (told !== undefined) coverage.value = told
  }
  const soon = calmly(check, WAIT_MS)
  watch([area, drill], soon, { deep: true })

  const areaWords = (): string => draft.areas.slice(0, 3).map((code) => placeName(code, code)).join('、') + (draft.areas.length > 3 ? '等地' : '')

  function use(template: BroadcastTemplate): void {
    draft.template = template.key
    draft.event = template.event_type
    draft.colour = template.colour
    draft.title = template.title
    draft.text = filledText(template, { area: areaWords() || '有关乡镇', unit: unit(), time: shortDay(serverNow()) })
  }

  /** What brings another sheet up to date, for the same villages; where its warning changed the words lie ready. */
  async function updateOf(id: number, tell: WarningTell | null): Promise<void> {
    const told = await attempt(() => broadcastsApi.one(id))
    if (told === undefined) return
    draft.replaces = id
    draft.event = told.broadcast.event_type
    draft.title = tell?.title ?? told.broadcast.title
    draft.text = tell?.text ?? draft.text
    // Who heard the alert in another language hears its update in it: a person writes it, or drops it.
    draft.language = told.language
    draft.more = told.more_texts.map(({ language }) => ({ language, title: '', text: '' }))
    draft.colour = tell === null ? (COLOUR_BY_SEVERITY[told.broadcast.severity] ?? '') : isOver(tell) ? '' : (tell.colour ?? '')
    draft.wish = WISHES_BY_TYPE[told.broadcast.msg_type] ?? 'actual'
    draft.cause = { kind: told.cause_kind as typeof draft.cause.kind, id: told.cause_id, words: told.broadcast.cause_words, status: told.cause_status }
  }

  async function editOf(id: number): Promise<void> {
    const told = await attempt(() => broadcastsApi.one(id))
    if (told === undefined) return
    edited.value = told
    const b = told.broadcast
    Object.assign(draft, {
      wish: WISHES_BY_TYPE[b.msg_type] ?? 'actual',
      event: b.event_type,
      colour: COLOUR_BY_SEVERITY[b.severity] ?? '',
      title: b.title,
      text: told.text,
      language: told.language,
      more: told.more_texts.map(({ language, title, text }) => ({ language, title, text })),
      template: told.template,
      areas: [...told.areas],
      polygons: told.polygons.map((one) => one.map(([lon, lat]) => [lon, lat] as [number, number])),
      start: told.at_once ? '' : localInput(b.start_at),
      end: told.at_once ? '' : localInput(b.end_at),
      repeats: told.repeats,
      interval: told.interval_s,
      replaces: b.replaces_id,
      cause: { kind: told.cause_kind, id: told.cause_id, words: b.cause_words, status: told.cause_status },
    })
    voice.value = told.voice
  }

  /** A warning of another part of the house, as far as it tells; a test or an exercise can only be drilled. */
  async function warningOf(id: number): Promise<void> {
    const told = await broadcastsApi.warning(id)
    if (told === null) return
    const s = (key: string): string => (typeof told[key] === 'string' ? told[key] : '')
    const status = (s('status') || 'actual').toLowerCase()
    draft.event = s('event_type') || draft.event
    draft.colour = s('colour') || ''
    draft.title = s('title').slice(0, 60)
    draft.text = [s('text'), s('instruction')].filter((x) => x !== '').join('\n').slice(0, 1000)
    draft.cause = { kind: 'warning', id, words: s('title').slice(0, 200), status }
    if (status !== 'actual') draft.wish = 'drill_platform'
    const units = Array.isArray(told.units) ? told.units : []
    const codes = units.map((u) => (typeof u === 'string' ? u : typeof u === 'object' && u !== null && 'region_code' in u ? String(u.region_code) : ''))
    draft.areas = [...new Set(codes.filter((c) => /^\d{12}$/.test(c)))]
  }

  function body(): BroadcastIn {
    return {
      press,
      wish: draft.wish,
      event_type: draft.event,
      colour: draft.colour === '' ? null : (draft.colour as NonNullable<BroadcastIn['colour']>),
      title: draft.title.trim(),
      text: draft.text.trim(),
      language: draft.language,
      more_texts: draft.more.map((x) => ({ language: x.language, title: x.title.trim(), text: x.text.trim() })),
      voice_id: voice.value?.id ?? null,
      template: draft.template,
      areas: draft.areas,
      polygons: draft.polygons,
      start_at: instantOf(draft.start),
      end_at: instantOf(draft.end),
      repeats: draft.repeats,
      interval_s: draft.interval,
      replaces_id: draft.replaces,
      cause_kind: draft.cause.kind,
      cause_id: draft.cause.id,
      cause_words: draft.cause.words,
      cause_status: draft.cause.status,
    }
  }

  /** Save, and hand in for approval. Raises what the service refuses. */
  async function save(handIn: boolean): Promise<BroadcastSheet> {
    const before = edited.value
    const saved = before === null ? await broadcastsApi.draft(body()) : await broadcastsApi.edit(before.broadcast.id, { ...body(), revision: before.revision })
    edited.value = saved
    press = newKey()
    return handIn ? broadcastsApi.submit(saved.broadcast.id, saved.revision) : saved
  }

  return { draft, voice, coverage, coverageError, drill, once, letters, inAll, somewhere, ready, edited, use, updateOf, editOf, warningOf, save }
}

export type Compose = ReturnType<typeof useCompose>
