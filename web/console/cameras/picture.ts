import { live } from '@/api/cameras'
import { Refusal } from '@/api/client'

const GATHER_MS = 1_000
const FLOWS_WITHIN_MS = 7_000
const HLS_TYPE = 'application/vnd.apple.mpegurl'

/** The picture's data do not come through, though the media server agreed to send them. */
export class NoWay extends Error {}

export interface Running {
  end: () => void
}

/** All candidates in one offer: a second question for each would be slower than waiting for them. */
async function gathered(connection: RTCPeerConnection): Promise<string> {
  await connection.setLocalDescription(await connection.createOffer())
  await new Promise<void>((resolve) => {
    const done = (): void => void (connection.iceGatheringState === 'complete' && resolve())
    connection.addEventListener('icegatheringstatechange', done)
    setTimeout(resolve, GATHER_MS)
    done()
  })
  return connection.localDescription?.sdp ?? ''
}

const flows = (video: HTMLVideoElement): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new NoWay()), FLOWS_WITHIN_MS)
    video.addEventListener('timeupdate', function first() {
      if (video.videoWidth === 0 || video.currentTime === 0) return
      video.removeEventListener('timeupdate', first)
      clearTimeout(timer)
      resolve()
    })
    video.addEventListener('error', () => (clearTimeout(timer), reject(new NoWay())), { once: true })
  })

async function byWebRtc(camera: number, video: HTMLVideoElement, cut: () => void): Promise<Running> {
  const connection = new RTCPeerConnection()
  const stream = new MediaStream()
  let session: string | null = null
  const end = (): void => {
    connection.close()
    if (session !== null) live.end(session)
    session = null
  }
  for (const kind of ['video', 'audio']) connection.addTransceiver(kind, { direction: 'recvonly' })
  connection.addEventListener('track', (event) => {
    stream.addTrack(event.track)
    video.srcObject = stream
  })
  try {
    const answer = await live.offer(camera, await gathered(connection))
    session = answer.session
    await connection.setRemoteDescription({ type: 'answer', sdp: answer.sdp })
    await flows(video)
  } catch (error) {
    end()
    video.srcObject = null
    throw error
  }
  connection.addEventListener('connectionstatechange', () => void (['failed', 'disconnected'].includes(connection.connectionState) && cut()))
  return { end }
}

/**
 * hls.js, loaded only here, wherever it can work. Chromium says that it plays HLS by itself, and gives up on a live
 * stream at its second playlist (156: DEMUXER_ERROR_COULD_NOT_PARSE); Safari on phones can do nothing else.
 */
async function feed(video: HTMLVideoElement, url: string, cut: () => void): Promise<() => void> {
  const { default: Hls } = await import('hls.js/light')
  if (Hls.isSupported()) {
    const hls = new Hls({ enableWorker: false, liveSyncDurationCount: 2 })
    hls.on(Hls.Events.ERROR, (_, error) => void (error.fatal && cut()))
    hls.loadSource(url)
    hls.attachMedia(video)
    return () => hls.destroy()
  }
  if (video.canPlayType(HLS_TYPE) === '') throw new NoWay()
  video.src = url
  return () => {
    video.removeAttribute('src')
    video.load()
  }
}

async function byHls(camera: number, video: HTMLVideoElement, cut: () => void): Promise<Running> {
  const end = await feed(video, live.hls(camera), cut)
  try {
    await flows(video)
  } catch (error) {
    end()
    throw error
  }
  video.addEventListener('error', cut, { once: true })
  return { end }
}

/** WebRTC found no way from this desk, HLS did: the next picture does not wait for it in vain. */
let hlsFirst = false
/** What WHEP alone may be to blame for: its port, its codecs. */
const elsewhere = (error: unknown): boolean => error instanceof NoWay || (error instanceof Refusal && ['picture_unplayable', 'media_unreachable', 'media_silent'].includes(error.problem.code))

/** Lets a live picture run in an element; `cut` is told when it breaks off. HLS where WebRTC finds no way. */
export async function open(camera: number, video: HTMLVideoElement, cut: () => void): Promise<Running> {
  if (hlsFirst) {
    const running = await byHls(camera, video, cut).catch(() => null)
    if (running !== null) return running
    hlsFirst = false
  }
  try {
    return await byWebRtc(camera, video, cut)
  } catch (error) {
    if (!elsewhere(error)) throw error
    const running = await byHls(camera, video, cut).catch(() => {
      throw error
    })
    hlsFirst = error instanceof NoWay
    return running
  }
}

/** What is to be seen just now, as a JPEG. */
export function snapshot(video: HTMLVideoElement): Promise<Blob | null> {
  const canvas = document.createElement('canvas')
  canvas.width = video.videoWidth
  canvas.height = video.videoHeight
  canvas.getContext('2d')?.drawImage(video, 0, 0)
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.92))
}
