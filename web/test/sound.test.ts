import { expect, it, vi } from 'vitest'

/** A device that plays: it counts the tones that were begun, and its time stands where it is put. */
class Player extends EventTarget {
  static begun = 0
  static time = 0
  readonly state = 'running'
  readonly destination = {}
  get currentTime(): number {
    return Player.time
  }
  createOscillator() {
    return { type: '', frequency: { value: 0 }, connect: (next: unknown) => next, start: () => void (Player.begun += 1), stop: () => undefined }
  }
  createGain() {
    return { gain: { setValueAtTime: () => undefined, linearRampToValueAtTime: () => undefined }, connect: (next: unknown) => next }
  }
}

it('a hundred alarms at once are one signal, the next one after it, and another kind at once', async () => {
  vi.stubGlobal('AudioContext', Player)
  const { play } = await import('@/ui/sound')
  for (let n = 0; n < 100; n += 1) play('trouble')
  expect(Player.begun).toBe(1)
  play('message')
  expect(Player.begun).toBe(2)
  Player.time = 0.2
  play('trouble')
  expect(Player.begun).toBe(3)
})
