import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal, Unreachable } from '@/api/client'
import type { Event } from '@/api/events'
import { Feed, type FeedState, type Socket } from '@/api/feed'
import { alarm, AT, event, position, snapshot } from './facts'

class FakeSocket implements Socket {
  onmessage: ((message: { data: unknown }) => void) | null = null
  onclose: ((close: { code: number }) => void) | null = null
  sent: unknown[] = []
  closed = false
  constructor(readonly after: number) {}
  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }
  close(): void {
    this.closed = true
  }
  say(frame: unknown): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  hello(head = 0): void {
    this.say({ type: 'hello', head, at: AT })
  }
  breakOff(code = 1006): void {
    this.onclose?.({ code })
  }
}

const refusal = (status: number): Refusal => new Refusal({ type: '', title: '', status, code: '', zh: '', en: '' })

function setup() {
  const sockets: FakeSocket[] = []
  const events: Event[] = []
  const states: FeedState[] = []
  const ports = {
    snapshot: vi.fn(async () => snapshot()),
    probe: vi.fn(async (): Promise<unknown> => undefined),
    open: (after: number) => {
      const socket = new FakeSocket(after)
      sockets.push(socket)
      return socket
    },
    onSnapshot: vi.fn(),
    onEvent: (e: Event) => void events.push(e),
    onPositions: vi.fn(),
    onState: (s: FeedState) => void states.push(s),
    onHeard: vi.fn(),
    onLatency: vi.fn(),
  }
  const feed = new Feed(ports, () => 0)
  const last = (): FakeSocket => {
    const socket = sockets.at(-1)
    if (socket === undefined) throw new Error('no socket was opened')
    return socket
  }
  return { feed, ports, sockets, events, states, last }
}

const raised = (seq: number): Event => event(seq, { type: 'alarm.raised', alarm: alarm() })
const settle = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the feed', () => {
  it('takes the snapshot and then the events behind it', async () => {
    const { feed, last, events, states, ports } = setup()
    feed.start()
    await settle(0)
    last().hello()
    last().say(raised(11))
    expect(ports.onSnapshot).toHaveBeenCalledOnce()
    expect([last().after, events.map((e) => e.seq), states]).toEqual([10, [11], ['connecting', 'live']])
    feed.stop()
  })

  it('says within five seconds that the line is dead, and that it lives when it speaks again', async () => {
    const { feed, sockets, last, states } = setup()
    feed.start()
    await settle(0)
    last().hello()
    await settle(5000)
    expect(states).toEqual(['connecting', 'live', 'lost'])
    last().say(raised(11))
    expect([states.at(-1), sockets.length]).toEqual(['live', 1])
    feed.stop()
  })

  it('resumes behind the last event after a break, without a new snapshot', async () => {
    const { feed, sockets, last, ports, states } = setup()
    feed.start()
    await settle(0)
    last().hello()
    last().say(raised(14))
    last().breakOff(1013)
    await settle(300)
    expect([sockets.length, last().after, ports.snapshot.mock.calls.length]).toEqual([2, 14, 1])
    last().hello()
    expect(states).toEqual(['connecting', 'live', 'lost', 'live'])
    feed.stop()
  })

  it('hands on no event twice', async () => {
    const { feed, last, events } = setup()
    feed.start()
    await settle(0)
    last().hello()
    for (const seq of [9, 10, 11, 11, 12, 11]) last().say(raised(seq))
    expect(events.map((e) => e.seq)).toEqual([11, 12])
    feed.stop()
  })

  it('fetches a new snapshot when it is too far behind', async () => {
    const { feed, last, ports } = setup()
    feed.start()
    await settle(0)
    last().hello()
    ports.snapshot.mockResolvedValueOnce(snapshot({ seq: 900 }))
    const old = last()
    last().say({ type: 'resync', reason: 'too far behind' })
    await settle(300)
    expect([old.closed, last().after, ports.snapshot.mock.calls.length]).toEqual([true, 900, 2])
    feed.stop()
  })

  it('fetches a new snapshot when it cannot digest an event', async () => {
    const { feed, last, ports } = setup()
    vi.stubGlobal('reportError', vi.fn())
    ports.onEvent = () => {
      throw new TypeError('assignments is not iterable')
    }
    feed.start()
    await settle(0)
    last().hello()
    last().say(raised(11))
    await settle(300)
    expect(ports.snapshot).toHaveBeenCalledTimes(2)
    feed.stop()
    vi.unstubAllGlobals()
  })

  it('ignores what an abandoned socket still says', async () => {
    const { feed, sockets, last, events } = setup()
    feed.start()
    await settle(0)
    last().hello()
    last().breakOff()
    await settle(300)
    sockets[0]?.say(raised(30))
    expect(events).toEqual([])
    feed.stop()
  })

  it('comes back when another login of the account was ended, and ignores a refusal older than the new login', async () => {
    const { feed, last, ports, states, sockets } = setup()
    feed.start()
    await settle(0)
    last().hello()
    last().breakOff(4401)
    await settle(5000)
    expect([states.at(-1), sockets.length]).toEqual(['lost', 2])
    let refuse: (why: unknown) => void = () => undefined
    ports.probe.mockImplementationOnce(() => new Promise((_, reject) => (refuse = reject)))
    last().breakOff(4401)
    feed.loggedOut()
    feed.start()
    await settle(0)
    last().hello()
    refuse(refusal(401))
    await settle(0)
    expect(states.at(-1)).toBe('live')
    feed.stop()
  })

  it('stops when the session is gone, however it is told', async () => {
    for (const tell of ['snapshot', 'close code', 'refused handshake'] as const) {
      const { feed, last, ports, states, sockets } = setup()
      if (tell === 'snapshot') ports.snapshot.mockRejectedValue(refusal(401))
      if (tell !== 'snapshot') ports.probe.mockRejectedValue(refusal(401))
      feed.start()
      await settle(0)
      if (tell === 'close code') last().breakOff(4401)
      if (tell === 'refused handshake') last().breakOff(1006)
      await settle(5000)
      expect([tell, states.at(-1), sockets.length]).toEqual([tell, 'logged_out', tell === 'snapshot' ? 0 : 1])
    }
  })

  it('stops where a second factor is due, and goes on once it is set up', async () => {
    const { feed, last, ports, states, sockets } = setup()
    ports.snapshot.mockRejectedValueOnce(new Refusal({ ...refusal(403).problem, code: 'second_factor_due' }))
    feed.start()
    await settle(5000)
    expect([states.at(-1), sockets.length]).toEqual(['factor_due', 0])
    feed.start()
    await settle(0)
    last().hello()
    expect(states.at(-1)).toBe('live')
    last().breakOff(4402)
    await settle(5000)
    expect([states.at(-1), sockets.length]).toEqual(['factor_due', 1])
  })

  it('keeps trying while the server is away, between 0.3 and 2 s apart', async () => {
    const { feed, ports, sockets } = setup()
    ports.snapshot.mockRejectedValueOnce(new Unreachable()).mockRejectedValueOnce(refusal(503))
    feed.start()
    await settle(600)
    expect([ports.snapshot.mock.calls.length, sockets.length]).toEqual([3, 1])
    feed.stop()
  })

  it('gives up a line that fell silent', async () => {
    const { feed, sockets, last } = setup()
    feed.start()
    await settle(0)
    last().hello()
    await settle(15_000)
    await settle(300)
    expect([sockets[0]?.closed, sockets.length]).toEqual([true, 2])
    feed.stop()
  })

  it('measures latency and passes positions on', async () => {
    const { feed, last, ports } = setup()
    feed.start()
    await settle(0)
    last().hello()
    await settle(40)
    last().say({ type: 'pong', id: 1 })
    last().say({ type: 'positions', at: AT, positions: [position()] })
    last().say({ type: 'head', seq: 10, at: AT })
    expect(last().sent).toEqual([{ type: 'ping', id: 1 }])
    expect(ports.onLatency).toHaveBeenCalledWith(40)
    expect(ports.onPositions).toHaveBeenCalledWith([position()])
    feed.stop()
  })

  it('resumes behind the head it heard of, so rows it may not see do not leave it behind', async () => {
    const { feed, sockets, last } = setup()
    feed.start()
    await settle(0)
    last().hello()
    last().say({ type: 'head', seq: 900, at: AT })
    last().breakOff()
    await settle(2_000)
    expect(sockets.at(-1)?.after).toBe(900)
    feed.stop()
  })

  it('asks for positions anew after a long absence, because telemetry is not resumed', async () => {
    const { feed, last, ports } = setup()
    feed.start()
    await settle(0)
    last().hello()
    last().breakOff()
    await settle(2_000)
    last().hello()
    expect(ports.snapshot).toHaveBeenCalledTimes(1)
    last().breakOff()
    await settle(60_000)
    last().hello()
    await settle(0)
    expect(ports.snapshot).toHaveBeenCalledTimes(2)
    expect(ports.onPositions).toHaveBeenCalledTimes(1)
    feed.stop()
  })
})
