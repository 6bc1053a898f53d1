import { onMounted, onUnmounted, watch } from 'vue'
import { understood, type Said } from '@/model/windows'
import { following, selection } from '../store'
import { choose, chosenTeam } from './chosen'

const NAME = 'zhishou.windows'

/** What is at hand in this window is at hand in the operator's others on this PC. */
export function useTogether(): void {
  let channel: BroadcastChannel | null = null
  const hand = (): Said => ({ kind: 'hand', selection: selection.value === null ? null : { kind: selection.value.kind, id: selection.value.id }, team: chosenTeam.value })
  /** What all windows know already: it is not said back. */
  let known = ''

  function hear(data: unknown): void {
    const said = understood(data)
    if (said === null) return
    if (said.kind === 'hello') {
      channel?.postMessage(hand())
      return
    }
    known = JSON.stringify(said)
    if (JSON.stringify(hand()) === known) return
    selection.value = said.selection
    choose(said.team)
    following.value = true
  }

  onMounted(() => {
    channel = new BroadcastChannel(NAME)
    channel.onmessage = (event) => hear(event.data)
    channel.postMessage({ kind: 'hello' } satisfies Said)
  })
  watch([selection, chosenTeam], () => {
    const now = hand()
    if (JSON.stringify(now) === known) return
    known = JSON.stringify(now)
    channel?.postMessage(now)
  })
  onUnmounted(() => channel?.close())
}
