import { beforeEach, expect, it } from 'vitest'
import type { Event } from '@/api/events'
import { blankDraft, draftsOf, keepDraft, loadDraft } from '@/console/intake/draft'
import { isLearned, learnedLine } from '@/model/inboxLog'
import { verbs } from '@/model/known'
import { assignment, AT, incident } from './facts'

beforeEach(() => localStorage.clear())

it('says 接报传跟 by what happened, and nothing by what did not', () => {
  const done = (...states: (string | null)[]) => states.map((s) => s !== null)
  const at = (i = incident(), ...sent: ReturnType<typeof assignment>[]) => verbs(i, sent).map((v) => v.at)
  expect(done(...at())).toEqual([true, false, false, false])
  const told = { whom: '市委值班室', channel: 'telephone', version: 1, told_at: AT, entered_at: AT, entered_by: '李明', sender: null, receiver: null, kind: 'initial' as const, number: '', receipt: '', as_of: null }
  expect(done(...at(incident({ tellings: [told] })))).toEqual([true, true, false, false])
  expect(done(...at(incident(), assignment({ incident_id: 5 })))).toEqual([true, false, true, false])
  expect(done(...at(incident(), assignment({ incident_id: 5, acknowledged_at: AT })))).toEqual([true, false, true, true])
  expect(done(...at(incident(), assignment({ incident_id: 6, acknowledged_at: AT })))).toEqual([true, false, false, false])
})

it('keeps a form over night, whole and for its own officer, rare characters and all', () => {
  draftsOf(3)
  const typed = { ...blankDraft(null, AT), description: '𠮷家村房屋倒塌😀𬭎' }
  keepDraft(typed, null)
  expect(loadDraft(null)).toEqual(typed)
  draftsOf(4) // the next officer at this machine
  expect(loadDraft(null)).toBeNull()
  keepDraft({ ...blankDraft(null, AT), description: '另一起' }, null)
  draftsOf(3)
  expect(loadDraft(null)).toEqual(typed)
})

it('says what became known in the words of the event, a rising level aloud', () => {
  const event = { type: 'incident.level_raised', zh: '级别一般→较大', en: 'level general → larger', incident: incident() } as unknown as Event
  expect(isLearned(event)).toBe(true)
  if (isLearned(event)) expect(learnedLine(event)).toMatchObject({ zh: 'SJ-20260701-005 级别一般→较大', loud: true })
})
