import { reactive, ref, shallowRef } from 'vue'
import { Refusal } from '@/api/client'
import { changedOf, rebased } from '@/model/amend'
import { byField } from './notice'

/** A form over an entry that others may amend too: `save` sends the changes; a stale version is read anew and the form kept. */
export function useAmend<T extends Record<string, unknown>>(first: T, firstVersion: number, stale: string, fresh: () => Promise<{ entry: T; version: number }>) {
  const before = shallowRef<T>(structuredClone(first))
  const version = ref(firstVersion)
  const draft = reactive(structuredClone(first)) as T
  const theirs = shallowRef<Partial<T>>({})
  const errors = ref<Record<string, string>>({})
  const busy = ref(false)

  async function save(send: (changes: Partial<T>, version: number) => Promise<unknown>): Promise<boolean> {
    const changes = changedOf(before.value, draft)
    if (busy.value) return false
    if (Object.keys(changes).length === 0) return true
    busy.value = true
    errors.value = {}
    try {
      await send(changes, version.value)
      return true
    } catch (refused) {
      errors.value = byField(refused)
      if (refused instanceof Refusal && refused.problem.code === stale) await again()
      return false
    } finally {
      busy.value = false
    }
  }

  async function again(): Promise<void> {
    const now = await fresh()
    const kept = rebased(before.value, { ...draft }, now.entry)
    theirs.value = kept.theirs
    before.value = now.entry
    version.value = now.version
    Object.assign(draft, kept.draft)
  }

  return { draft, theirs, errors, busy, save }
}
