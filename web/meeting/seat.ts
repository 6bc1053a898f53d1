import { computed, reactive, ref, shallowRef } from 'vue'
import { openMeetingLine, type MeetingWord, type Peer } from '@/api/meetings'
import { say, t } from '@/i18n'
import { meets } from '@/model/meetings'
import type { Hall } from './hall'
import { Link } from './link'
import { closeOwn, openOwn, type Own } from './own'

/** Somebody else in the meeting, as this screen shows him. */
export interface Shown extends Peer {
  state: RTCPeerConnectionState
  seen: boolean
  stream: MediaStream
}

export type SeatState = 'opening' | 'joining' | 'in' | 'again' | 'over'
const AGAIN_MS = 1500
const HALL_AGAIN_MS = 10_000
const LEFT = 1000
const RECHECKED = new Set([1008, 4401, 4402, 4403, 4404])

/** This screen's seat in a meeting: its line to the house, its connections to the others, what it sends. */
export function takeSeat(meeting: number) {
  const state = ref<SeatState>('opening')
  const why = ref<string | null>(null)
  /** Pictures and sound do not come through for anybody here; the seat stays. */
  const trouble = ref<string | null>(null)
  const own = shallowRef<Own | null>(null)
  const camera = ref(false)
  const microphone = ref(false)
  const others = reactive(new Map<string, Shown>())
  const links = new Map<string, Link>()
  let line: WebSocket | null = null
  let hall: Hall | null = null
  let hallTimer: ReturnType<typeof setTimeout> | undefined
  let kind: 'meeting' | 'roll_call' = 'meeting'
  let caller = false
  let large = false
  let told = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const say_ = (word: object): void => {
    if (line?.readyState === WebSocket.OPEN) line.send(JSON.stringify(word))
  }

  /** Media came through: the connection stands, and whoever sends pictures has been seen. */
  function measure(other: Shown): void {
    if (told || other.state !== 'connected' || (other.camera && !other.seen)) return
    told = true
    say_({ type: 'connected' })
  }

  function linkTo(peer: Peer, offers: boolean): Link {
    links.get(peer.id)?.close()
    const link = new Link(own.value?.stream ?? new MediaStream(), {
      onState(now) {
        const other = others.get(peer.id)
        if (other === undefined) return
        other.state = now
        measure(other)
        if (now === 'failed' && offers) void offer(peer.id, true)
      },
      onFrame() {
        const other = others.get(peer.id)
        if (other === undefined) return
        other.seen = true
        say_({ type: 'saw_video', peer_id: peer.id })
        measure(other)
      },
    })
    links.set(peer.id, link)
    others.set(peer.id, { ...peer, state: 'new', seen: false, stream: link.stream })
    return link
  }

  async function offer(id: string, again = false): Promise<void> {
    const sdp = await links.get(id)?.offer(again)
    if (sdp) say_({ type: 'describe', to: id, kind: 'offer', sdp })
  }

  const sitting = (member: number): Shown | undefined => [...others.values()].find((x) => x.member_id === member)
  /** What comes from a seat, whichever is told first: who sits there or what he sends. */
  const streams = new Map<number, MediaStream>()
  function streamOf(member: number): MediaStream {
    const stream = streams.get(member) ?? new MediaStream()
    streams.set(member, stream)
    return stream
  }
  function meet(peer: Peer): void {
    others.set(peer.id, { ...peer, state: hall === null ? 'new' : 'connected', seen: false, stream: streamOf(peer.member_id) })
    const other = others.get(peer.id)
    if (other !== undefined) measure(other)
  }

  /** A large meeting: one connection with the room at LiveKit instead of one with each. */
  async function enter(room: { url: string; token: string }, at: WebSocket): Promise<void> {
    const stands = (now: RTCPeerConnectionState): void => {
      trouble.value = now === 'failed' || now === 'disconnected' ? t('meet.hallLost') : null
      for (const other of others.values()) {
        other.state = now
        measure(other)
      }
      if (now === 'failed') again()
    }
    // A pass lasts for minutes: who is late comes by the door again.
    const again = (): void => {
      leaveHall()
      hallTimer = setTimeout(() => at === line && at.close(), HALL_AGAIN_MS)
    }
    try {
      const { enterHall } = await import('./hall')
      const entered = await enterHall(room, own.value?.stream ?? new MediaStream(), {
        onState: stands,
        onTrack(member, track) {
          const stream = streamOf(member)
          for (const old of stream.getTracks()) if (old.kind === track.kind) stream.removeTrack(old)
          stream.addTrack(track)
        },
        onFrame(member) {
          const other = sitting(member)
          if (other === undefined) return
          other.seen = true
          say_({ type: 'saw_video', peer_id: other.id })
          measure(other)
        },
      })
      if (at !== line) return entered.leave()
      hall = entered
      stands('connected')
    } catch {
      if (at !== line) return
      again()
      trouble.value = t('meet.hallFails')
    }
  }
  function leaveHall(): void {
    clearTimeout(hallTimer)
    hall?.leave()
    hall = null
  }

  function drop(id: string): void {
    links.get(id)?.close()
    links.delete(id)
    others.delete(id)
  }

  async function hear(word: MeetingWord): Promise<void> {
    switch (word.type) {
      case 'welcome':
        ;({ kind, caller } = word)
        told = false
        state.value = 'in'
        why.value = null
        trouble.value = null
        large = word.room !== null
        if (word.room !== null && line !== null) {
          word.peers.forEach(meet)
          void enter(word.room, line)
          return
        }
        for (const peer of word.peers.filter((p) => meets(kind, caller, p))) {
          linkTo(peer, true)
          await offer(peer.id)
        }
        return
      case 'peer_joined':
        if (large) meet(word.peer)
        else if (meets(kind, caller, word.peer)) linkTo(word.peer, false)
        return
      case 'peer_left':
        return drop(word.peer_id)
      case 'peer_shows': {
        const other = others.get(word.peer_id)
        if (other) Object.assign(other, { camera: word.camera, microphone: word.microphone })
        return
      }
      case 'described': {
        const link = links.get(word.sender)
        if (word.kind === 'answer') await link?.answered(word.sdp)
        else if (link) say_({ type: 'describe', to: word.sender, kind: 'answer', sdp: await link.answer(word.sdp) })
        return
      }
      case 'refused':
        why.value = say(word)
        return
      case 'over':
        why.value = word.reason
    }
  }

  function connect(): void {
    state.value = state.value === 'opening' ? 'joining' : 'again'
    // Words are taken one after the other: an offer waits until whoever sends it is known.
    let heard = Promise.resolve()
    const at = (line = openMeetingLine(meeting, { camera: camera.value, microphone: microphone.value }))
    at.onmessage = ({ data }) => {
      if (at === line) heard = heard.then(() => hear(JSON.parse(String(data)) as MeetingWord)).catch(() => at.close())
    }
    at.onclose = ({ code }) => void heard.then(() => at === line && ended(code))
  }

  function ended(code: number): void {
    leaveHall()
    for (const id of [...others.keys()]) drop(id)
    if (state.value === 'over') return
    if (RECHECKED.has(code) || (code === LEFT && why.value !== 'lost')) state.value = 'over'
    else {
      state.value = 'again'
      timer = setTimeout(connect, AGAIN_MS)
    }
  }

  async function begin(): Promise<void> {
    const opened = await openOwn()
    if (state.value === 'over') return closeOwn(opened)
    own.value = opened
    camera.value = opened.lacks.camera === undefined
    microphone.value = opened.lacks.microphone === undefined
    connect()
  }

  function turn(device: 'camera' | 'microphone'): void {
    const what = device === 'camera' ? camera : microphone
    if (own.value === null || own.value.lacks[device] !== undefined) return
    what.value = !what.value
    for (const track of own.value.stream.getTracks()) if (track.kind === (device === 'camera' ? 'video' : 'audio')) track.enabled = what.value
    say_({ type: 'shows', camera: camera.value, microphone: microphone.value })
  }

  function leave(): void {
    state.value = 'over'
    clearTimeout(timer)
    say_({ type: 'leave' })
    line?.close()
    line = null
    leaveHall()
    for (const id of [...others.keys()]) drop(id)
    if (own.value) closeOwn(own.value)
  }

  void begin()
  return { state, why, trouble, own, camera, microphone, others: computed(() => [...others.values()]), turn, leave }
}
