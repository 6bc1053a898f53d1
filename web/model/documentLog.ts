import type { Event } from '@/api/events'

/** What happens to documents: free texts, and what is filed. */
export type DocumentEvent = Extract<Event, { type: `document.${string}` }>

export const isDocument = (event: Event): event is DocumentEvent => event.type.startsWith('document.')

const WORDS: Record<DocumentEvent['type'], [string, string]> = {
  'document.drafted': ['文稿起草', 'Text begun'],
  'document.edited': ['文稿修改', 'Text edited'],
  'document.signed': ['文稿签发', 'Text signed'],
  'document.dropped': ['文稿作废', 'Text dropped'],
  'document.filed': ['文书归档', 'Document filed'],
}

/** A document's event as the log would say it. */
export function documentLine(event: DocumentEvent): readonly [zh: string, en: string] {
  const [zh, en] = WORDS[event.type]
  const told = 'draft' in event ? event.draft : event.document
  const edition = 'document' in event && event.document.edition > 1 ? [` 第${event.document.edition}版`, ` edition ${event.document.edition}`] : ['', '']
  const name = [told.number, told.title].filter(Boolean).join(' ')
  return [`${zh} ${name}${edition[0]}`, `${en}: ${name}${edition[1]}`]
}
