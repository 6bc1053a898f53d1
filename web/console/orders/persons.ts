import { ref, watch, type Ref } from 'vue'
import { peopleApi, type Person } from '@/api/people'
import { keyOf, type Choice } from './draft'

const MOST = 6

const choiceOf = (p: Person): Choice => {
  const where = [p.unit_name, p.title].filter(Boolean).join(' ')
  return { key: keyOf({ person_id: p.id }), name: where === '' ? p.name : `${p.name}（${where}）`, who: { person_id: p.id }, township: false }
}

/** The persons of the register that match what is typed. A late answer to an older question is not shown. */
export function usePersons(typed: Ref<string>): Ref<readonly Choice[]> {
  const found = ref<readonly Choice[]>([])
  watch(typed, async (words) => {
    const text = words.trim()
    found.value = []
    if (text === '') return
    const page = await peopleApi.people({ text }, 0, MOST).catch(() => null)
    if (page !== null && typed.value.trim() === text) found.value = page.people.map(choiceOf)
  })
  return found
}
