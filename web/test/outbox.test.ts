import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Refusal, Unreachable } from '@/api/client'
import { Outbox, type Parcel, type Shelf } from '@/field/outbox'

function memoryShelf(): Shelf & { rows: Parcel[] } {
  let id = 0
  const rows: Parcel[] = []
  return {
    rows,
    add: async (p) => rows.push({ ...p, id: ++id }),
    all: async () => [...rows],
    remove: async (gone) => void rows.splice(rows.findIndex((r) => r.id === gone), 1),
  }
}

const parcel = (key: string): Parcel => ({ key, path: '/api/assignments/1/steps', body: { happened_at: key } })
const refusal = (status: number): Refusal => new Refusal({ type: '', title: '', status, code: '', zh: '', en: '' })

function setup(send: (p: Parcel) => Promise<unknown>) {
  const shelf = memoryShelf()
  const counts: number[] = []
  const refused: string[] = []
  const ports = { send: vi.fn(send), onChange: (w: readonly Parcel[]) => counts.push(w.length), onRefused: (p: Parcel) => refused.push(p.key) }
  return { outbox: new Outbox(shelf, ports), shelf, ports, counts, refused, sent: () => ports.send.mock.calls.map(([p]) => p.key) }
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
})
