import { http, refusalFrom, Unreachable } from './client'
import type { Answer, Ask, AttachmentFact } from './types'

/** Shapes and calls of cameras and their live pictures. */
export type Camera = Answer<'CameraFact'>
export type CameraKind = Camera['kind']
export type CameraSeen = Answer<'CameraSeen'>
export type CameraNear = Answer<'CameraNear'>
export type CamerasNear = Answer<'CamerasNear'>
export type Media = Answer<'MediaFact'>
export type CameraIn = Ask<'CameraIn', 'kind' | 'name_zh' | 'region_code' | 'lon' | 'lat' | 'stream_path'>
export type CameraView = Answer<'CameraViewFact'>
export type CameraSource = Answer<'CameraSourceFact'>

export const CAMERA_KINDS = ['tower', 'village', 'backpack', 'drone', 'other'] as const satisfies readonly CameraKind[]

export const cameraApi = {
  cameras: (retired = false) => http.get<Answer<'CameraPage'>>(`/api/cameras?retired=${retired}`),
  camera: (id: number) => http.get<Camera>(`/api/cameras/${id}`),
  source: (id: number) => http.get<CameraSource>(`/api/cameras/${id}/source`),
  enter: (body: CameraIn) => http.post<Camera>('/api/cameras', body),
  amend: (id: number, body: CameraIn & { revision: number; view_measured: boolean; forget_login: boolean }) => http.put<Camera>(`/api/cameras/${id}`, body),
  move: (id: number, lon: number, lat: number, revision: number) => http.post<Camera>(`/api/cameras/${id}/position`, { lon, lat, revision }),
  follow: (id: number, revision: number) => http.post<Camera>(`/api/cameras/${id}/position/tracker`, { revision }),
  views: (id: number) => http.get<CameraView[]>(`/api/cameras/${id}/views`),
  retire: (id: number, revision: number) => http.post<Camera>(`/api/cameras/${id}/retire`, { revision }),
  near: (incident: number, within: number) => http.get<CamerasNear>(`/api/incidents/${incident}/cameras?within_m=${within}`),
  /** A picture as evidence of an incident, with its camera and when it was taken. */
  file: (incident: number, picture: Blob, camera: number, taken: Date) =>
    http.post<AttachmentFact>(`/api/incidents/${incident}/attachments?${new URLSearchParams({ name: `camera-${camera}.jpg`, camera_id: String(camera), happened_at: taken.toISOString() })}`, picture),
}

/** A little more than the server waits for the media server. */
const PATIENCE_MS = 8_000

async function sent(method: string, path: string, body: string | null): Promise<Response> {
  const headers: Record<string, string> = body === null ? {} : { 'Content-Type': 'application/sdp' }
  let answer: Response
  try {
    answer = await fetch(path, { method, body, headers, credentials: 'same-origin', cache: 'no-store', signal: AbortSignal.timeout(PATIENCE_MS) })
  } catch (cause) {
    throw new Unreachable(path, { cause })
  }
  if (!answer.ok) throw refusalFrom(answer.status, await answer.text().catch(() => ''))
  return answer
}

/** The road of a live picture: an offer is answered, a session is ended (WHEP). */
export const live = {
  hls: (camera: number): string => `/api/cameras/${camera}/hls/index.m3u8`,
  async offer(camera: number, sdp: string): Promise<{ sdp: string; session: string | null }> {
    const answer = await sent('POST', `/api/cameras/${camera}/whep`, sdp)
    return { sdp: await answer.text(), session: answer.headers.get('Location') }
  },
  end: (session: string): void => void sent('DELETE', session, null).catch(() => undefined),
}
