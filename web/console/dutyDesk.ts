import { ref, shallowRef } from 'vue'
import { dutyDesk, type DeskPost } from '@/api/dutyDesk'
import type { Event } from '@/api/events'

/** Desks of the scope; the first is the own one. */
export const posts = shallowRef<readonly DeskPost[]>([])

const STORED = 'zhishou.post'
/** The desk that hand-over and log are shown of, the same on both pages. */
export const postId = ref<number | null>(null)

/** Counts what was told of hand-overs, and of anything at all, so that whoever shows them looks again. */
export const handoversTold = ref(0)
export const anythingTold = ref(0)

export async function readPosts(): Promise<void> {
  posts.value = await dutyDesk.posts().catch(() => posts.value)
  const kept = Number(sessionStorage.getItem(STORED))
  postId.value = (posts.value.find((p) => p.id === (postId.value ?? kept)) ?? posts.value[0])?.id ?? null
}

export function choosePost(id: number): void {
  postId.value = id
  sessionStorage.setItem(STORED, String(id))
}

export function heardOfDutyDesk(event: Event): void {
  anythingTold.value += 1
  if (event.type.startsWith('handover.')) handoversTold.value += 1
}

/** Runs once after a while of quiet, however often it is asked for. */
export function calmly(work: () => unknown, waitMs = 400): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  return () => {
    clearTimeout(timer)
    timer = setTimeout(work, waitMs)
  }
}
