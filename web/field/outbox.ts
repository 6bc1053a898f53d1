import { Refusal } from '@/api/client'
import type { StepIn } from '@/api/types'

/** One request that must reach the server, once, with the time it really happened. */
export interface Parcel {
  readonly id?: number
  /** Idempotency key: sent twice, it still counts once. */
  readonly key: string
  readonly path: string
  readonly body: unknown
  /** Set for steps, so that the screen can show what is on its way. */
  /** Photos that go to what the answer to this parcel is: `{id}` of the path is its number. */
  readonly photos?: { readonly path: string; readonly files: readonly File[] }
  readonly step?: { readonly assignmentId: number; readonly step: StepIn['step'] }
}

export interface Shelf {
  add(parcel: Parcel): Promise<unknown>
  /** In the order they were added. */
  all(): Promise<Parcel[]>
  remove(id: number): Promise<void>
}

export interface OutboxPorts {
  send(parcel: Parcel): Promise<unknown>
  onChange(waiting: readonly Parcel[]): void
  onRefused(parcel: Parcel, refusal: Refusal): void
}

const AGAIN_MS = 3000

/** The server may answer otherwise later: keep the parcel and its place in the line. */
const passing = (status: number): boolean => status === 401 || status === 408 || status === 429 || status >= 500

/** Sends strictly in order: "arrived" must not overtake "departed". */
export class Outbox {
  private running = false
  private asked = false
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly shelf: Shelf,
    private readonly ports: OutboxPorts,
  ) {}

  async put(parcel: Parcel): Promise<void> {
    await this.shelf.add(parcel)
    this.ports.onChange(await this.shelf.all())
    await this.flush()
  }

  async flush(): Promise<void> {
    // A parcel put while the last look at the shelf was under way must not be left lying.
    this.asked = true
    if (this.running) return
    this.running = true
    clearTimeout(this.timer)
    try {
      while (this.asked) {
        this.asked = false
        while (await this.sendFirst());
      }
    } finally {
      this.running = false
    }
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  /** Whether it is worth going on with the next one. */
  private async sendFirst(): Promise<boolean> {
    const waiting = await this.shelf.all()
    this.ports.onChange(waiting)
    const first = waiting[0]
    if (first?.id === undefined) return false
    try {
      await this.ports.send(first)
    } catch (error) {
      if (!(error instanceof Refusal) || passing(error.status)) {
        this.timer = setTimeout(() => void this.flush(), AGAIN_MS)
        return false
      }
      this.ports.onRefused(first, error)
    }
    await this.shelf.remove(first.id)
    return true
  }
}
