import { http, newKey, refusalFrom, Unreachable } from './client'
import type { AttachmentFact, FigureBook, FigureIn, IncidentFact, IncidentIn, NewPartner, NoticeFact, Partner, PlaceIn, SecrecyIn, TypedNoticeIn } from './types'

const of = (incident: number): string => `/api/incidents/${incident}`

export const fileQuery = (file: File, channel: string): string => new URLSearchParams({ name: file.name, channel }).toString()

/** Sends a file and tells how far it is; `fetch` cannot say that. */
export function upload<T>(path: string, file: Blob, progress: (share: number) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('POST', path)
    request.setRequestHeader('Content-Type', 'application/octet-stream')
    request.setRequestHeader('Idempotency-Key', newKey())
    request.upload.onprogress = (e) => e.lengthComputable && progress(e.loaded / e.total)
    request.onerror = () => reject(new Unreachable(path))
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as T)
      else reject(refusalFrom(request.status, request.responseText))
    }
    request.send(file)
  })
}

/** What is known of an incident, and the intake queue. */
export const knownApi = {
  setKeyFacility: (id: number, name: string, reason: string) => http.put<IncidentFact>(`${of(id)}/key-facility`, { name, reason }),
  setLevel: (id: number, level: number, reason: string) => http.post<IncidentFact>(`${of(id)}/level`, { level, reason }),
  setSecrecy: (id: number, body: SecrecyIn) => http.put<IncidentFact>(`${of(id)}/secrecy`, body),
  locate: (id: number, body: PlaceIn) => http.put<IncidentFact>(`${of(id)}/place`, body),
  reportUp: (id: number, whom: string) => http.post<IncidentFact>(`${of(id)}/tellings`, { whom }),
  figures: (id: number) => http.get<FigureBook>(`${of(id)}/figures`),
  tellFigure: (id: number, body: FigureIn) => http.post<IncidentFact>(`${of(id)}/figures`, body),
  chooseFigure: (id: number, kind: string, figure: number | null, reason: string) => http.post<IncidentFact>(`${of(id)}/figures/choice`, { kind, figure_id: figure, reason }),
  attachments: (id: number) => http.get<AttachmentFact[]>(`${of(id)}/attachments`),
  attach: (id: number, file: File, progress: (share: number) => void) => upload<AttachmentFact>(`${of(id)}/attachments?${fileQuery(file, 'desk')}`, file, progress),
  withdrawAttachment: (id: number, attachment: number, reason: string) => http.post<AttachmentFact>(`${of(id)}/attachments/${attachment}/withdrawal`, { reason }),

  notices: (state: 'waiting' | 'judged') => http.get<NoticeFact[]>(`/api/intake?state=${state}`),
  notice: (id: number) => http.get<NoticeFact>(`/api/intake/${id}`),
  typeNotice: (body: TypedNoticeIn) => http.post<NoticeFact>('/api/intake', body),
  importNotices: (source: string, file: Blob) => http.post<NoticeFact[]>(`/api/intake/file?source=${source}`, file),
  noticePhotos: (id: number) => http.get<AttachmentFact[]>(`/api/intake/${id}/attachments`),
  openNotice: (id: number, body: IncidentIn) => http.post<IncidentFact>(`/api/intake/${id}/incident`, body),
  joinNotice: (id: number, incident: number) => http.post<NoticeFact>(`/api/intake/${id}/join`, { incident_id: incident }),
  dismissNotice: (id: number, reason: string) => http.post<NoticeFact>(`/api/intake/${id}/dismissal`, { reason }),
  partners: () => http.get<Partner[]>('/api/intake/partners'),
  letIn: (name: string) => http.post<NewPartner>('/api/intake/partners', { name_zh: name }),
  shutOut: (id: number) => http.delete<Partner>(`/api/intake/partners/${id}`),
}
