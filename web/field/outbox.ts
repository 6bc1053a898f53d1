import { Refusal } from '@/api/client'
import type { Key } from '@/i18n'
import type { StepIn } from '@/api/types'

/** One request that must reach the server, once, with the time it really happened. */
export interface Parcel {
  readonly id?: number
  /** Idempotency key: sent twice, it still counts once. */
  readonly key: string
  readonly path: string
  readonly body: unknown
  /** Who said it: the login of somebody else on this phone does not send it. */
  readonly account: number
  /** When it was said, in the server's time. */
  readonly at: number
  /** What it is, for the list of what waits. */
  readonly what: Key
  readonly detail?: string
  /** Set for steps, so that the screen can show what is on its way. */
  readonly step?: { readonly assignmentId: number; readonly step: StepIn['step'] }
  /** The key of the parcel that goes before; the number in its answer is `{id}` of this path. */
  readonly after?: string
}

export interface Shelf {
  add(parcel: Parcel): Promise<unknown>
  /** In the order they were added. */
  all(): Promise<Parcel[]>
  put(parcel: Parcel): Promise<unknown>
  remove(id: number): Promise<void>
}

export interface OutboxPorts {
  send(parcel: Parcel): Promise<unknown>
  /** Whether who is logged in now said it. */
  mine(parcel: Parcel): boolean
  onChange(waiting: readonly Parcel[]): void
  onSent(parcel: Parcel): void
  onRefused(parcel: Parcel, refusal: Refusal): void
}

type Lane = 'words' | 'files'

const AGAIN_MS = 3000

/** The server may answer otherwise later: keep the parcel and its place in the line. */
const passing = (status: number): boolean => status === 401 || status === 408 || status === 429 || status >= 500

/** A photo takes minutes on a weak network: what is said in words does not wait for it. */
export const laneOf = (parcel: Parcel): Lane => (parcel.body instanceof Blob ? 'files' : 'words')

const numberIn = (answer: unknown): number | null =>
  typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'number' ? answer.id : null

/** Sends each lane strictly in order: "arrived" must not overtake "departed". */
export class Outbox {
  private readonly running = new Set<Lane>()
  private readonly asked = new Set<Lane>()
  private readonly timers = new Map<Lane, ReturnType<typeof setTimeout>>()

  constructor(
    private readonly shelf: Shelf,
    private readonly ports: OutboxPorts,
  ) {}

  async put(...parcels: Parcel[]): Promise<void> {
    for (const parcel of parcels) await this.shelf.add(parcel)
    this.ports.onChange(await this.shelf.all())
    await this.flush()
  }

  async flush(): Promise<void> {
    await Promise.all([this.drain('words'), this.drain('files')])
  }

  stop(): void {
    for (const timer of this.timers.values()) clearTimeout(timer)
  }

  private async drain(lane: Lane): Promise<void> {
    // A parcel put while the last look at the shelf was under way must not be left lying.
    this.asked.add(lane)
    if (this.running.has(lane)) return
    this.running.add(lane)
    clearTimeout(this.timers.get(lane))
    try {
      while (this.asked.delete(lane)) while (await this.sendFirst(lane));
    } finally {
      this.running.delete(lane)
    }
  }

  /** Whether it is worth going on with the next one. */
  private async sendFirst(lane: Lane): Promise<boolean> {
    const waiting = await this.shelf.all()
    this.ports.onChange(waiting)
    const ahead = new Set(waiting.map((p) => p.key))
    const first = waiting.find((p) => laneOf(p) === lane && this.ports.mine(p) && !(p.after !== undefined && ahead.has(p.after)))
    if (first?.id === undefined) return false
    const followers = waiting.filter((p) => p.after === first.key)
    try {
      const number = numberIn(await this.ports.send(first))
      // Before the first one goes: a phone that dies in between must still know where they belong.
      if (number !== null) for (const p of followers) await this.shelf.put({ ...p, path: p.path.replace('{id}', String(number)) })
      this.ports.onSent(first)
    } catch (error) {
      if (!(error instanceof Refusal) || passing(error.status)) {
        this.timers.set(lane, setTimeout(() => void this.drain(lane), AGAIN_MS))
        return false
      }
      for (const p of [first, ...followers]) this.ports.onRefused(p, error)
      for (const p of followers) if (p.id !== undefined) await this.shelf.remove(p.id)
    }
    await this.shelf.remove(first.id)
    if (followers.length > 0) void this.drain('files')
    return true
  }
}
