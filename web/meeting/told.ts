import { ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { meetings, type MeetingMine } from '@/api/meetings'
import { isMeeting } from '@/model/meetingLog'

/** Counts what meetings have said, so that whoever shows them looks again. */
export const meetingsTold = ref(0)
/** The open meetings in which there is a seat for whoever is logged in here. */
export const myMeetings = shallowRef<readonly MeetingMine[]>([])
/** The meeting this screen sits in. */
export const seated = ref<number | null>(null)

export async function readMine(): Promise<void> {
  myMeetings.value = await meetings.mine().catch(() => myMeetings.value)
}

let waiting: ReturnType<typeof setTimeout> | undefined
export function heardOfMeetings(event: Event): void {
  if (!isMeeting(event) || waiting !== undefined) return
  waiting = setTimeout(() => {
    waiting = undefined
    meetingsTold.value += 1
    void readMine()
  }, 100)
}
