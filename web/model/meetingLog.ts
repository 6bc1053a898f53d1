import type { Event } from '@/api/events'

/** What happens in meetings and roll calls by video. */
export type MeetingEvent = Extract<Event, { type: `meeting.${string}` }>

export const isMeeting = (event: Event): event is MeetingEvent => event.type.startsWith('meeting.')

type Words = readonly [zh: string, en: string, loud: boolean]
const DID: Record<Exclude<MeetingEvent['type'], 'meeting.opened' | 'meeting.closed'>, readonly [string, string]> = {
  'meeting.called': ['呼叫', 'rung'],
  'meeting.joined': ['加入', 'joined'],
  'meeting.connected': ['已接通', 'connected'],
  'meeting.video_seen': ['见到画面', 'picture seen'],
  'meeting.declined': ['拒接', 'declined'],
  'meeting.missed': ['未接', 'did not answer'],
  'meeting.left': ['退出', 'left'],
}

/** A meeting's event as the log would say it. */
export function meetingLine(event: MeetingEvent): Words {
  if ('meeting' in event) {
    const m = event.meeting
    const [zh, en] = m.kind === 'roll_call' ? ['视频点名', 'Video roll call'] : ['视频会商', 'Video meeting']
    return event.type === 'meeting.opened'
      ? [`${zh} ${m.title}：${event.called.join('、')}`, `${en} ${m.title}: ${event.called.join(', ')}`, false]
      : [`${zh}结束 ${m.title}：已到 ${m.answered}/${m.total}`, `${en} ${m.title} closed: ${m.answered}/${m.total} came`, false]
  }
  const [zh, en] = DID[event.type]
  const took = event.type === 'meeting.connected' ? event.member.seconds : null
  const missing = event.type === 'meeting.missed' || event.type === 'meeting.declined'
  return [`${event.member.name} ${zh}${took === null ? '' : ` ${took} 秒`}：${event.title}`, `${event.member.name} ${en}${took === null ? '' : ` in ${took} s`}: ${event.title}`, missing]
}
