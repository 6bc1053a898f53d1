import { lackOf, type Device, type Lack } from '@/model/meetings'

/** What this machine can send, and why it cannot send the rest. */
export interface Own {
  readonly stream: MediaStream
  readonly lacks: Readonly<Partial<Record<Device, Lack>>>
}

const WANTED = {
  microphone: { audio: { echoCancellation: true, noiseSuppression: true } },
  // Six of these at 15 frames a second are what an ordinary desk bears.
  camera: { video: { width: { ideal: 640 }, height: { ideal: 360 }, frameRate: { max: 15 } } },
} as const satisfies Record<Device, MediaStreamConstraints>

/** Camera and microphone, each as far as it is there and permitted: who has neither joins all the same. */
export async function openOwn(): Promise<Own> {
  const stream = new MediaStream()
  const lacks: Partial<Record<Device, Lack>> = {}
  // Undefined on a page that came over plain http from another machine.
  const media = navigator.mediaDevices as MediaDevices | undefined
  if (media === undefined) return { stream, lacks: { camera: 'insecure', microphone: 'insecure' } }
  for (const device of ['microphone', 'camera'] as const)
    try {
      for (const track of (await media.getUserMedia(WANTED[device])).getTracks()) stream.addTrack(track)
    } catch (error) {
      lacks[device] = lackOf(error)
    }
  return { stream, lacks }
}

export function closeOwn(own: Own): void {
  for (const track of own.stream.getTracks()) track.stop()
}
