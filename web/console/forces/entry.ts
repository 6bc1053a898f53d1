import { computed, ref, shallowRef, type Ref } from 'vue'
import { Refusal } from '@/api/client'
import { differences } from '@/model/forceRegister'
import { byField } from '@/ui/notice'

interface Entry {
  id: number
  active: boolean
  revision: number
  changed_by: string
}

/**
 * A form of an entry that others may save meanwhile. What was typed is never thrown away: a conflict shows
 * what the other saved beside it, and saving again then means to overrule it.
 */
export function useEntry<E extends Entry, D extends object>(
  first: E | null,
  told: {
    draft: (entry: E | null) => D
    save: (draft: D, entry: E | null) => Promise<E>
    fresh: (id: number) => Promise<E>
    retire: (id: number, revision: number) => Promise<E>
    done: () => unknown
  },
) {
  const entry = shallowRef<E | null>(first)
  const draft = ref(told.draft(first)) as Ref<D>
  const errors = ref<Record<string, string>>({})
  const busy = ref(false)
  const theirs = shallowRef<E | null>(null)
  const differing = computed(() => (theirs.value === null ? [] : differences(draft.value, told.draft(theirs.value))))

  async function run(action: () => Promise<E>): Promise<void> {
    busy.value = true
    errors.value = {}
    try {
      await action()
      await told.done()
    } catch (error) {
      errors.value = byField(error)
      const stale = error instanceof Refusal && error.problem.code === 'stale_form'
      if (stale && entry.value !== null) theirs.value = await told.fresh(entry.value.id).catch(() => null)
    }
    busy.value = false
  }

  const save = (): Promise<void> => run(() => told.save(draft.value, entry.value))
  const retire = (): Promise<void> => run(() => told.retire(entry.value?.id ?? 0, entry.value?.revision ?? 0))

  function settle(): void {
    entry.value = theirs.value
    theirs.value = null
    errors.value = {}
  }
  function keepMine(): Promise<void> {
    settle()
    return save()
  }
  function takeTheirs(): void {
    draft.value = told.draft(theirs.value)
    settle()
  }
  return { entry, draft, errors, busy, theirs, differing, save, retire, keepMine, takeTheirs }
}
