import { shallowRef } from 'vue'
import { spotChecks, type SpotPrompt } from '@/api/spotChecks'

/** The calls over the app (点名) that wait for a tap of whoever is logged in here. */
export const prompts = shallowRef<readonly SpotPrompt[]>([])

export async function readPrompts(): Promise<void> {
  prompts.value = await spotChecks.prompts().catch(() => prompts.value)
}
