import { ref } from 'vue'
import { clockOf } from '@/model/time'

/** What phones record, in the order we like it; each of them the server keeps. */
const FORMS = [
  ['audio/webm;codecs=opus', 'webm'],
  ['audio/mp4', 'm4a'],
  ['audio/ogg;codecs=opus', 'ogg'],
] as const
/** Speech in Opus: three minutes are some 700 kB. */
const BITS_PER_S = 32_000
const LONGEST_MS = 180_000

export const recording = ref(false)
export const recordedMs = ref(0)
export const canRecord = typeof MediaRecorder !== 'undefined' && navigator.mediaDevices?.getUserMedia !== undefined

let recorder: MediaRecorder | null = null

/** Records until `stopRecording`, three minutes at most; null when the microphone is refused. */
export async function record(): Promise<File | null> {
  const form = FORMS.find(([type]) => MediaRecorder.isTypeSupported(type))
  const sound = await navigator.mediaDevices.getUserMedia({ audio: true }).catch(() => null)
  if (form === undefined || sound === null) return null
  const [type, ending] = form
  const made = new MediaRecorder(sound, { mimeType: type, audioBitsPerSecond: BITS_PER_S })
  const parts: Blob[] = []
  const began = Date.now()
  made.ondataavailable = (e) => parts.push(e.data)
  recorder = made
  made.start()
  recording.value = true
  const timer = setInterval(() => {
    recordedMs.value = Date.now() - began
    if (recordedMs.value >= LONGEST_MS) stopRecording()
  }, 250)
  await new Promise<void>((over) => (made.onstop = () => over()))
  clearInterval(timer)
  for (const track of sound.getTracks()) track.stop()
  recording.value = false
  recordedMs.value = 0
  const length = clockOf(Date.now() - began).replace(':', '-')
  return new File(parts, `voice-${length}.${ending}`, { type })
}

export function stopRecording(): void {
  recorder?.stop()
  recorder = null
}
