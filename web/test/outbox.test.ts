import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal, Unreachable } from '@/api/client'
import { Outbox, type Parcel, type Shelf } from '@/field/outbox'
import { pauseMs } from '@/field/thrift'

function memoryShelf(): Shelf & { rows: Parcel[] } {
  let id = 0
  const rows: Parcel[] = []
  return {
    rows,
    add: async (p) => rows.push({ ...p, id: ++id }),
    all: async () => [...rows],
    put: async (p) => void rows.splice(rows.findIndex((r) => r.id === p.id), 1, p),
    remove: async (gone) => void rows.splice(rows.findIndex((r) => r.id === gone), 1),
  }
}

const parcel = (key: string, more: Partial<Parcel> = {}): Parcel => ({
  key,
  path: '/api/assignments/1/steps',
  body: { happened_at: key },
  account: 1,
  at: 0,
  what: 'field.did.depart',
  ...more,
})
const file = (key: string, more: Partial<Parcel> = {}): Parcel => parcel(key, { body: new Blob(['x']), path: '/api/intake/{id}/attachments', ...more })
const refusal = (status: number): Refusal => new Refusal({ type: '', title: '', status, code: '', zh: '', en: '' })

function setup(send: (p: Parcel) => Promise<unknown>, account = 1) {
  const shelf = memoryShelf()
  const counts: number[] = []
  const refused: string[] = []
  const ports = {
    send: vi.fn(send),
    mine: (p: Parcel) => p.account === account,
    onChange: (w: readonly Parcel[]) => counts.push(w.length),
    onSent: vi.fn(),
    onRefused: (p: Parcel) => refused.push(p.key),
  }
  return { outbox: new Outbox(shelf, ports), shelf, ports, counts, refused, sent: () => ports.send.mock.calls.map(([p]) => p.key), paths: () => ports.send.mock.calls.map(([p]) => p.path) }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the outbox of the field page', () => {
  it('keeps order and keys over an outage', async () => {
    let up = false
    const { outbox, shelf, sent, counts } = setup(async () => {
      if (!up) throw new Unreachable()
    })
    await outbox.put(parcel('a'))
    await outbox.put(parcel('b'))
    expect([sent(), shelf.rows.length]).toEqual([['a', 'a'], 2])
    up = true
    await vi.advanceTimersByTimeAsync(3000)
    expect(sent().slice(2)).toEqual(['a', 'b'])
    expect([shelf.rows, counts.at(-1)]).toEqual([[], 0])
  })

  it('holds the line when the session or the server is gone for a while', async () => {
    for (const status of [401, 429, 503]) {
      const { outbox, shelf } = setup(async () => {
        throw refusal(status)
      })
      await outbox.put(parcel('a'))
      expect(shelf.rows.length).toBe(1)
      outbox.stop()
    }
  })

  it('drops what the server refuses, says so, and goes on', async () => {
    const { outbox, shelf, refused, sent } = setup(async (p) => {
      if (p.key === 'a') throw refusal(409)
    })
    await shelf.add(parcel('a'))
    await outbox.put(parcel('b'))
    expect([refused, sent(), shelf.rows]).toEqual([['a'], ['a', 'b'], []])
  })

  it('sends one thing at a time', async () => {
    let flying = 0
    let most = 0
    const { outbox } = setup(async () => {
      most = Math.max(most, ++flying)
      await Promise.resolve()
      flying -= 1
    })
    await Promise.all([outbox.put(parcel('a')), outbox.put(parcel('b')), outbox.flush()])
    expect(most).toBe(1)
  })

  it('lets words pass a photo that takes its time', async () => {
    let arrive = (): void => undefined
    const { outbox, shelf, sent } = setup((p) => (p.key === 'photo' ? new Promise<void>((done) => (arrive = done)) : Promise.resolve()))
    const photo = outbox.put(file('photo', { path: '/api/incidents/1/attachments' }))
    await vi.advanceTimersByTimeAsync(0)
    void outbox.put(parcel('arrived'))
    await vi.advanceTimersByTimeAsync(0)
    expect(sent()).toEqual(['photo', 'arrived'])
    expect(shelf.rows.map((p) => p.key)).toEqual(['photo'])
    arrive()
    await photo
    expect(shelf.rows).toEqual([])
  })

  it('sends the photos of a report behind its words, to the number in the answer', async () => {
    const { outbox, sent, paths } = setup(async (p) => (p.key === 'words' ? { id: 7 } : {}))
    await outbox.put(parcel('words', { path: '/api/intake/reports' }), file('one', { after: 'words' }), file('two', { after: 'words' }))
    await vi.advanceTimersByTimeAsync(0)
    expect(sent()).toEqual(['words', 'one', 'two'])
    expect(paths().slice(1)).toEqual(['/api/intake/7/attachments', '/api/intake/7/attachments'])
  })

  it('refuses the photos with the report they belong to', async () => {
    const { outbox, shelf, refused, sent } = setup(async () => {
      throw refusal(422)
    })
    await outbox.put(parcel('words'), file('one', { after: 'words' }))
    expect([sent(), refused, shelf.rows]).toEqual([['words'], ['words', 'one'], []])
  })

  it('never sends what another account said, and keeps it', async () => {
    const { outbox, shelf, sent } = setup(async () => undefined, 2)
    await shelf.add(parcel('of one'))
    await outbox.put(parcel('of two', { account: 2 }))
    expect([sent(), shelf.rows.map((p) => p.key)]).toEqual([['of two'], ['of one']])
  })
})

describe('how often a position is told', () => {
  it.each([
    [{ onTask: true, movedM: 200, battery: 0.8, charging: false }, 15_000],
    [{ onTask: true, movedM: null, battery: null, charging: false }, 15_000],
    [{ onTask: true, movedM: 5, battery: 0.8, charging: false }, 60_000],
    [{ onTask: false, movedM: 200, battery: 0.8, charging: false }, 60_000],
    [{ onTask: false, movedM: 5, battery: 0.8, charging: false }, 300_000],
    [{ onTask: true, movedM: 200, battery: 0.1, charging: false }, 60_000],
    [{ onTask: true, movedM: 200, battery: 0.1, charging: true }, 15_000],
    [{ onTask: false, movedM: 200, battery: 0.1, charging: false }, 300_000],
  ])('%o → %d ms', (situation, pause) => {
    expect(pauseMs(situation)).toBe(pause)
  })
})
