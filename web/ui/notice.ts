import { ref } from 'vue'
import { Refusal, Unreachable } from '@/api/client'
import { say, t } from '@/i18n'

const SHOWN_MS = 9000

/** The one sentence that tells why the last action did not happen. */
export const notice = ref<string | null>(null)

let timer: ReturnType<typeof setTimeout> | undefined

export function tell(text: string): void {
  notice.value = text
  clearTimeout(timer)
  timer = setTimeout(() => (notice.value = null), SHOWN_MS)
}

export function sentence(error: unknown): string {
  if (error instanceof Refusal) return say(error.problem)
  if (error instanceof Unreachable) return t('unreachable')
  throw error
}

/** Whether it was refused for this reason. */
export const refusedAs = (error: unknown, code: string): boolean => error instanceof Refusal && error.problem.code === code

/** Sentences of a refusal by field; what names no field stands under the empty name. */
export function byField(error: unknown): Record<string, string> {
  const fields = error instanceof Refusal ? (error.problem.fields ?? []) : []
  return fields.length === 0
    ? { '': sentence(error) }
    : Object.fromEntries(fields.map((f) => [f.name.split('.').at(-1) ?? f.name, say(f)]))
}

/** Runs an action; a refusal becomes the notice, and the answer is then undefined. */
export async function attempt<T>(action: () => Promise<T>): Promise<T | undefined> {
  try {
    return await action()
  } catch (error) {
    tell(sentence(error))
    return undefined
  }
}
