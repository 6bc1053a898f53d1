import { describe, expect, it } from 'vitest'
import { queryOf } from '@/api/documents'
import { MADE_KINDS, partField } from '@/console/documents/subjects'
import { documentLine, type DocumentEvent } from '@/model/documentLog'

describe('documents', () => {
  it('asks for what is sought and leaves the rest out', () => {
    expect(queryOf({ kind: '', words: '堤 防', drill: 'false', incident_id: null, since: '', until: '2025-06-18' })).toBe('words=%E5%A0%A4+%E9%98%B2&drill=false&until=2025-06-18')
    expect(queryOf({}, 7)).toBe('before=7')
  })

  it('asks for a day of a log and a month of a roster, and a row of a list else', () => {
    expect(MADE_KINDS).toHaveLength(18)
    expect([partField('duty_log'), partField('roster'), partField('order')]).toEqual(['day', 'month', 'list'])
  })

  it('says what happened to a text and which edition was filed', () => {
    const draft = { number: null, title: '专报' }
    expect(documentLine({ type: 'document.dropped', draft } as unknown as DocumentEvent)[0]).toBe('文稿作废 专报')
    const document = { number: '樟应接〔2025〕1号', title: '接报单', edition: 2 }
    expect(documentLine({ type: 'document.filed', document } as unknown as DocumentEvent)).toEqual(['文书归档 樟应接〔2025〕1号 接报单 第2版', 'Document filed: 樟应接〔2025〕1号 接报单 edition 2'])
  })
})
