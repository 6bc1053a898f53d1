import { describe, expect, it } from 'vitest'
import type { MeetingMember } from '@/api/meetings'
import { zh } from '@/i18n/zh'
import { failed, lackOf, mayRing, meets, urgentFirst } from '@/model/meetings'

const seat = (id: number, more: Partial<MeetingMember> = {}): MeetingMember => ({
  id,
  meeting_id: 1,
  kind: 'unit',
  ref_id: id,
  name: `${id}`,
  region_code: '990181100000',
  state: 'joined',
  outcome: 'connected',
  seconds: 3,
  rang_at: null,
  answered_at: null,
  answered_by: '',
  connected_at: null,
  video_at: null,
  left_at: null,
  camera: true,
  microphone: true,
  ...more,
})

describe('meetings by video', () => {
  it('in a roll call meets the caller alone, in a meeting everybody', () => {
    expect(meets('meeting', false, { caller: false })).toBe(true)
    expect(meets('roll_call', false, { caller: false })).toBe(false)
    expect(meets('roll_call', false, { caller: true })).toBe(true)
    expect(meets('roll_call', true, { caller: false })).toBe(true)
  })

  it('tells a refusal from a device that is not there and from one in use, and has a sentence for each', () => {
    expect(lackOf(new DOMException('', 'NotAllowedError'))).toBe('denied')
    expect(lackOf(new DOMException('', 'NotFoundError'))).toBe('absent')
    expect(lackOf(new DOMException('', 'NotReadableError'))).toBe('busy')
    expect(lackOf('?')).toBe('absent')
    for (const device of ['camera', 'microphone']) for (const lack of ['denied', 'absent', 'busy', 'insecure']) expect(zh).toHaveProperty([`meet.lack.${device}.${lack}`])
  })

  it('puts first what must be followed up, and leaves the caller out', () => {
    const all = [seat(1), seat(2, { outcome: 'no_video' }), seat(3, { outcome: 'missed', state: 'missed' }), seat(4, { kind: 'account' })]
    expect(urgentFirst(all).map((m) => m.id)).toEqual([3, 2, 1])
    expect(all.filter(failed).map((m) => m.id)).toEqual([2, 3])
    expect(all.filter(mayRing).map((m) => m.id)).toEqual([3])
  })
})
