import { http } from './client'
import type { components } from './schema'
import type { Answer, Ask } from './types'

/** Documents: the archive, the kinds with their templates, free texts. */
type Schemas = components['schemas']

export type ArchivedDocument = Answer<'DocumentFact'>
export type DocumentKind = ArchivedDocument['kind']
export type DocumentKindFact = Answer<'DocumentKindFact'>
export type DraftText = Answer<'DocumentTextFact'>
export type DocumentTextIn = Ask<'DocumentTextIn', 'kind' | 'title'>
export type DocumentTextEditIn = Ask<'DocumentTextEditIn', 'title' | 'revision'>
export type MadeKind = Schemas['DocumentFileIn']['kind']
export type WrittenKind = DraftText['kind']
export type Form = 'pdf' | 'docx'

/** The words on a paper, as the archive keeps them. */
export interface PaperPage {
  title: string
  number: string
  facts: [string, string][]
  heads: string[]
  rows: string[][]
  signs: string[]
  empty: string
}
export interface PaperLetter {
  marks: [string, string]
  head: string
  number: string
  author: string
  date: string
  title: string
  paragraphs: string[]
  foot: [string, string][]
  signs: [string, string][]
}
export interface PaperWords {
  pages?: PaperPage[]
  letter?: PaperLetter
}

export interface Sought {
  kind: DocumentKind | ''
  words: string
  place: string
  incident_id: number | null
  drill: '' | 'true' | 'false'
  since: string
  until: string
}

const [AT, DRAFTS] = ['/api/documents', '/api/document-drafts']

/** The query of what is asked; what is empty is left out. */
export function queryOf(sought: Partial<Sought>, before: number | null = null): string {
  const told = Object.entries({ ...sought, before }).filter(([, value]) => value !== '' && value !== null)
  return new URLSearchParams(told.map(([name, value]) => [name, String(value)])).toString()
}

export const fileOf = (id: number, form: Form): string => `${AT}/${id}/file.${form}`
/** Fitted to the frame, without the viewer's own list of pages. */
export const viewOf = (id: number): string => `${AT}/${id}/view.pdf#navpanes=0&view=FitH`
export const previewOf = (kind: MadeKind, id: number, part: string, drill: boolean, form: Form): string =>
  `${AT}/preview.${form}?${new URLSearchParams({ kind, id: String(id), part, drill: String(drill) })}`
export const draftPreviewOf = (id: number, revision: number, form: Form): string => `${DRAFTS}/${id}/preview.${form}?revision=${revision}`

export const documentsApi = {
  kinds: () => http.get<DocumentKindFact[]>(`${AT}/kinds`),
  listed: (sought: Partial<Sought>, before: number | null = null) => http.get<Answer<'DocumentPage'>>(`${AT}?${queryOf(sought, before)}`),
  one: (id: number) => http.get<ArchivedDocument & { content: PaperWords }>(`${AT}/${id}`),
  file: (kind: MadeKind, id: number, part: string, drill: boolean) => http.post<ArchivedDocument>(AT, { kind, id, part, drill }),
  printed: (id: number, form: Form) => http.post<ArchivedDocument>(`${AT}/${id}/prints`, { form }),

  drafts: () => http.get<DraftText[]>(DRAFTS),
  draft: (body: DocumentTextIn) => http.post<DraftText>(DRAFTS, body),
  edit: (id: number, body: DocumentTextEditIn) => http.put<DraftText>(`${DRAFTS}/${id}`, body),
  sign: (id: number, revision: number) => http.post<DraftText>(`${DRAFTS}/${id}/sign`, { revision }),
  drop: (id: number, reason: string) => http.post<DraftText>(`${DRAFTS}/${id}/drop`, { reason }),

  /** What a document can be of: rows with a number and words, whatever the noun. */
  rows: <T>(path: string) => http.get<T>(path),
}
