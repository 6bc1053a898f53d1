import { ref, watch } from 'vue'

/** Synthesised signals: each thing sounds different, and no sound file has to load. */
type Note = readonly [hz: number, atS: number, lengthS: number]

const SIGNALS = {
  sos: [
    [988, 0, 0.16],
    [740, 0.18, 0.16],
    [988, 0.36, 0.16],
    [740, 0.54, 0.16],
  ],
  offer: [
    [659, 0, 0.22],
    [880, 0.26, 0.22],
    [1047, 0.52, 0.3],
  ],
  major: [
    [523, 0, 0.3],
    [523, 0.4, 0.3],
    [784, 0.8, 0.5],
  ],
  overdue: [
    [440, 0, 0.12],
    [440, 0.2, 0.12],
    [330, 0.4, 0.35],
  ],
  message: [[1175, 0, 0.09]],
  ring: [
    [587, 0, 0.12],
    [698, 0.14, 0.12],
    [587, 0.28, 0.12],
    [698, 0.42, 0.12],
    [587, 0.9, 0.12],
    [698, 1.04, 0.12],
  ],
  trouble: [[392, 0, 0.14]],
  drill: [
    [262, 0, 0.1],
    [330, 0.14, 0.1],
    [262, 0.28, 0.1],
  ],
} satisfies Record<string, readonly Note[]>

export type Signal = keyof typeof SIGNALS

const SOFTNESS: Partial<Record<Signal, number>> = { message: 0.5, ring: 0.6, trouble: 0.3, drill: 0.4 }
const REPEAT_MS: Partial<Record<Signal, number>> = { sos: 1300, offer: 2000 }
const STORED = 'zhishou.volume'

const AudioContextClass: typeof AudioContext | undefined = globalThis.AudioContext
const context = AudioContextClass === undefined ? null : new AudioContextClass()

/** The browser keeps pages silent until somebody touches them. */
export const unlocked = ref(context?.state === 'running')
export const volume = ref(Number(localStorage.getItem(STORED) ?? 0.6))
watch(volume, (v) => localStorage.setItem(STORED, String(v)))

context?.addEventListener('statechange', () => {
  unlocked.value = context.state === 'running'
})

export async function unlock(): Promise<void> {
  await context?.resume()
}

// Whatever the officer touches first will do; the bar is for a page that nobody has touched.
for (const gesture of ['pointerdown', 'keydown']) addEventListener(gesture, () => void unlock(), { once: true })

/** When each signal that was begun is over: a hundred alarms at once are one signal, not a hundred over each other. */
const over = new Map<Signal, number>()

export function play(signal: Signal): void {
  if (context === null || context.state !== 'running' || context.currentTime < (over.get(signal) ?? 0)) return
  over.set(signal, context.currentTime + Math.max(...SIGNALS[signal].map(([, at, length]) => at + length)))
  for (const [hz, at, length] of SIGNALS[signal]) {
    const from = context.currentTime + at
    const tone = context.createOscillator()
    const gain = context.createGain()
    const soft = SOFTNESS[signal] !== undefined
    tone.type = soft ? 'sine' : 'square'
    tone.frequency.value = hz
    // A square wave carries further than a sine of the same height.
    const loud = volume.value * (SOFTNESS[signal] ?? 0.28)
    gain.gain.setValueAtTime(0, from)
    gain.gain.linearRampToValueAtTime(loud, from + 0.015)
    gain.gain.setValueAtTime(loud, from + length - 0.03)
    gain.gain.linearRampToValueAtTime(0, from + length)
    tone.connect(gain).connect(context.destination)
    tone.start(from)
    tone.stop(from + length)
  }
}

let looping: Signal | null = null
let timer: ReturnType<typeof setInterval> | undefined

/** Repeats a signal until told otherwise; null is silence. */
export function loop(signal: Signal | null): void {
  document.body.dataset.sounding = signal ?? ''
  if (signal === looping) return
  looping = signal
  clearInterval(timer)
  if (signal === null) return
  play(signal)
  timer = setInterval(() => play(signal), REPEAT_MS[signal] ?? 3000)
}
