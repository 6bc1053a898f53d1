import { setZone } from './time'
import { ref, shallowRef } from 'vue'
import { api } from '@/api/calls'
import type { Event } from '@/api/events'
import { Feed, openSocket, type FeedState } from '@/api/feed'
import type { Me, PositionFact } from '@/api/types'
import { leftSight, speaksOf } from './withdrawn'
import { apply, fromSnapshot, NOTHING, withPositions, type Live } from './live'

const LOG_KEPT = 500
const LOG_AT_START = 200
const GATHER_MS = 60

/** What a page shows, kept alive by the feed. */
export function createScreen(hooks: { onEvent?: (event: Event) => void; onServerTime: (at: string) => void }) {
  const live = shallowRef<Live>(NOTHING)
  const log = shallowRef<readonly Event[]>([])
  /** The hours before this page opened have been asked for: an empty log is empty. */
  const recalled = ref(false)
  const state = ref<FeedState>('connecting')
  const latencyMs = ref<number | null>(null)
  const heardAt = ref<string | null>(null)
  const me = shallowRef<Me | null>(null)

  function note(events: readonly Event[]): void {
    const known = new Set(log.value.map((e) => e.seq))
    const fresh = events.filter((e) => !known.has(e.seq))
    log.value = [...fresh, ...log.value].sort((a, b) => b.seq - a.seq).slice(0, LOG_KEPT)
  }

  /** The hours before this page opened; a log without them is poorer, not wrong. */
  async function recall(seq: number): Promise<void> {
    if (me.value?.permissions.includes('see_desk') !== true) return
    const page = await api.events(Math.max(0, seq - LOG_AT_START), LOG_AT_START).catch(() => null)
    if (page !== null) note(page.events)
    recalled.value = true
  }

  /** What left this person's sight leaves the log; the server says again what of it may still be known. */
  function forget(event: Event): void {
    const incident = leftSight(event)
    if (incident === null) return
    log.value = log.value.filter((e) => !speaksOf(e, incident))
    void recall(event.seq)
  }

  /** A second's positions come in several frames: the picture changes once for all of them. */
  let gathered: PositionFact[] = []
  let gathering: ReturnType<typeof setTimeout> | null = null
  function place(): void {
    live.value = withPositions(live.value, gathered)
    gathered = []
    gathering = null
  }

  const feed = new Feed({
    snapshot: api.snapshot,
    probe: api.me,
    open: openSocket,
    onSnapshot(snapshot) {
      if (me.value?.id !== snapshot.me.id) log.value = []
      setZone(snapshot.me.zone)
      me.value = snapshot.me
      live.value = fromSnapshot(snapshot)
      void recall(snapshot.seq)
    },
    onEvent(event) {
      live.value = apply(live.value, event)
      forget(event)
      note([event])
      hooks.onEvent?.(event)
    },
    onPositions(frame) {
      gathered.push(...frame)
      gathering ??= setTimeout(place, GATHER_MS)
    },
    onState(next) {
      state.value = next
      if (next !== 'live') latencyMs.value = null
    },
    onHeard(at) {
      heardAt.value = at
      hooks.onServerTime(at)
    },
    onLatency(ms) {
      latencyMs.value = ms
    },
  })

  /** What an earlier visit knew, shown until the server answers. */
  function restore(who: Me, known: Live): void {
    setZone(who.zone)
    me.value = who
    live.value = known
  }

  return { live, log, recalled, state, latencyMs, heardAt, me, restore, start: () => feed.start(), stop: () => feed.stop(), loggedOut: () => feed.loggedOut() }
}
