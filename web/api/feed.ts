import { isEvent, type Event, type Frame } from './events'
import { Refusal } from './client'
import type { PositionFact, Snapshot } from './types'

export type FeedState = 'connecting' | 'live' | 'lost' | 'logged_out' | 'factor_due'

/** The part of a WebSocket that the feed needs; tests bring their own. */
export interface Socket {
  onmessage: ((message: { data: unknown }) => void) | null
  onclose: ((close: { code: number }) => void) | null
  send(text: string): void
  close(): void
}

export interface FeedPorts {
  snapshot(): Promise<Snapshot>
  /** Throws a 401 refusal when the session is gone. */
  probe(): Promise<unknown>
  open(after: number): Socket
  onSnapshot(snapshot: Snapshot): void
  onEvent(event: Event): void
  onPositions(frame: PositionFact[]): void
  onState(state: FeedState): void
  /** The server's present time; drives "data as of" and the clock offset. */
  onHeard(serverAt: string): void
  onLatency(latencyMs: number): void
}

const LOGGED_OUT = 4401
const FACTOR_DUE = 4402
const PING_EVERY_MS = 1500
/** A ping unanswered for so long is told to whoever looks: a lost line must be seen within 5 s. */
const QUIET_AFTER_MS = 3500
/** So long a silence means a dead line that TCP has not noticed: a new one is tried. */
const SILENT_AFTER_MS = 12_000
/** The telemetry lane gives a newcomer the last 60 s; leave a margin for the way. */
const POSITIONS_KEPT_MS = 45_000
const RETRY_FROM_MS = 300
const RETRY_TO_MS = 2000

/** Snapshot first, then events from there on; after any break it resumes behind the last event seen. */
export class Feed {
  private seq: number | null = null
  private socket: Socket | null = null
  private retry: ReturnType<typeof setTimeout> | undefined
  private pulse: ReturnType<typeof setInterval> | undefined
  private lastHeard = 0
  private pings = new Map<number, number>()
  private pingId = 0
  private greeted = false
  private quiet = false
  private lostAt = Infinity
  private stopped = false
  /** Counts the starts: an answer to an earlier one says nothing of this one. */
  private life = 0

  constructor(
    private readonly ports: FeedPorts,
    private readonly random: () => number = Math.random,
  ) {}

  start(): void {
    this.stopped = false
    this.life += 1
    this.ports.onState('connecting')
    void this.connect()
  }

  stop(): void {
    this.stopped = true
    clearTimeout(this.retry)
    this.drop()
  }

  private async connect(): Promise<void> {
    const life = this.life
    if (this.seq === null) {
      try {
        const snapshot = await this.ports.snapshot()
        if (this.stopped || life !== this.life) return
        this.seq = snapshot.seq
        this.ports.onSnapshot(snapshot)
        this.ports.onHeard(snapshot.at)
      } catch (error) {
        if (life === this.life) this.failed(error)
        return
      }
    }
    this.listen(this.seq)
  }

  private failed(error: unknown): void {
    if (error instanceof Refusal && error.status === 401) this.loggedOut()
    else if (error instanceof Refusal && error.problem.code === 'second_factor_due') this.over('factor_due')
    else this.again()
  }

  private listen(after: number): void {
    const socket = this.ports.open(after)
    this.socket = socket
    this.greeted = false
    this.quiet = false
    this.lastHeard = Date.now()
    socket.onmessage = (message) => {
      if (this.socket === socket && typeof message.data === 'string') this.hear(JSON.parse(message.data) as Frame)
    }
    socket.onclose = (close) => {
      if (this.socket !== socket) return
      this.drop()
      if (close.code === FACTOR_DUE) this.over('factor_due')
      else if (this.greeted && close.code !== LOGGED_OUT) this.again()
      // One login of an account ended closes all its screens; those whose login holds come back. And a
      // handshake refused before it was accepted reaches the page as a nameless 1006.
      else void this.probe(this.life)
    }
    this.pulse = setInterval(() => this.beat(socket), PING_EVERY_MS)
  }

  private async probe(life: number): Promise<void> {
    const refused = await this.ports.probe().then(() => null, (error: unknown) => error ?? true)
    if (life !== this.life) return
    if (refused === null) this.again()
    else this.failed(refused)
  }

  private hear(frame: Frame): void {
    this.lastHeard = Date.now()
    this.speaksAgain()
    if (isEvent(frame)) {
      if (this.seq !== null && frame.seq <= this.seq) return
      this.seq = frame.seq
      this.digest(frame)
      return
    }
    switch (frame.type) {
      case 'hello':
        this.greeted = true
        if (Date.now() - this.lostAt > POSITIONS_KEPT_MS) void this.catchUpPositions()
        this.lostAt = Infinity
        this.ports.onState('live')
        this.ports.onHeard(frame.at)
        this.ping()
        break
      case 'head':
        // Rows this person may not see moved the end on: resuming from here keeps us from falling behind.
        if (this.seq !== null) this.seq = Math.max(this.seq, frame.seq)
        this.ports.onHeard(frame.at)
        break
      case 'positions':
        this.ports.onPositions(frame.positions)
        this.ports.onHeard(frame.at)
        break
      case 'pong': {
        const sent = this.pings.get(frame.id)
        if (sent !== undefined) this.ports.onLatency(Date.now() - sent)
        this.pings.clear()
        break
      }
      case 'resync':
        this.startOver()
        break
    }
  }

  /** Facts are resumed, positions are not: after a long absence the units stand where the snapshot says. */
  private async catchUpPositions(): Promise<void> {
    try {
      this.ports.onPositions((await this.ports.snapshot()).positions)
    } catch {
      // The next position of each device heals it; a lost line shows itself elsewhere.
    }
  }

  private digest(event: Event): void {
    try {
      this.ports.onEvent(event)
    } catch (error) {
      // Written by an older server, perhaps: the snapshot says the same in today's shape.
      reportError(error)
      this.startOver()
    }
  }

  private startOver(): void {
    this.seq = null
    this.drop()
    this.again()
  }

  private beat(socket: Socket): void {
    if (Date.now() - this.lastHeard > SILENT_AFTER_MS) {
      socket.close()
      this.drop()
      this.again()
    } else if (this.greeted) {
      if (Date.now() - this.lastHeard > QUIET_AFTER_MS && !this.quiet) {
        this.quiet = true
        this.ports.onState('lost')
      }
      this.ping()
    }
  }

  /** What was missed while the line was quiet comes in order behind it: nothing has to be asked again. */
  private speaksAgain(): void {
    if (!this.quiet) return
    this.quiet = false
    this.ports.onState('live')
  }

  private ping(): void {
    this.pings.set(++this.pingId, Date.now())
    this.socket?.send(JSON.stringify({ type: 'ping', id: this.pingId }))
  }

  private drop(): void {
    clearInterval(this.pulse)
    const socket = this.socket
    this.socket = null
    this.pings.clear()
    socket?.close()
  }

  private again(): void {
    if (this.stopped) return
    this.lostAt = Math.min(this.lostAt, Date.now())
    this.ports.onState('lost')
    const wait = RETRY_FROM_MS + this.random() * (RETRY_TO_MS - RETRY_FROM_MS)
    clearTimeout(this.retry)
    this.retry = setTimeout(() => void this.connect(), wait)
  }

  /** The session has ended: nothing is heard any more until somebody logs in. */
  loggedOut(): void {
    this.over('logged_out')
  }

  /** Nothing is heard any more until somebody starts anew. */
  private over(state: 'logged_out' | 'factor_due'): void {
    if (this.stopped) return
    this.stopped = true
    clearTimeout(this.retry)
    this.drop()
    // Whoever logs in next may be somebody else, with other eyes.
    this.seq = null
    this.ports.onState(state)
  }
}

export function openSocket(after: number): Socket {
  const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
  return new WebSocket(`${scheme}://${location.host}/ws?after=${after}`) as Socket
}
