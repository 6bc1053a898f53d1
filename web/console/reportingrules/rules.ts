import { computed, ref, shallowRef } from 'vue'
import type { Event } from '@/api/events'
import { rulesApi, type RulesBrief, type RulesList, type RulesReading, type RulesVersion } from '@/api/reportingRules'
import { t } from '@/i18n'
import { attempt } from '@/ui/notice'
import { calmly } from '../dutyDesk'

/** The county's versions of the rules, which one is looked at, and the draft as it is being written. */
export const list = shallowRef<RulesList | null>(null)
/** 0 is the file. */
export const chosen = ref(0)
export const version = shallowRef<RulesVersion | null>(null)
/** What the text in hand says: of a draft as it stands in the editor. */
export const reading = shallowRef<RulesReading | null>(null)
/** The profiles of the last text that could be read: the switches stay while a mistake is corrected. */
export const known = shallowRef<RulesReading['profiles']>([])
export const text = ref('')
export const profiles = ref<string[]>([])

export const brief = computed(() => version.value?.brief ?? null)
export const isDraft = computed(() => brief.value?.state === 'draft')
export const writable = computed(() => isDraft.value && (list.value?.may_draft ?? false))
const sameProfiles = (a: readonly string[], b: readonly string[]): boolean => [...a].sort().join() === [...b].sort().join()
/** Something was written that is not kept. */
export const dirty = computed(() => {
  const told = version.value
  return writable.value && told !== null && (text.value !== told.reading.text || !sameProfiles(profiles.value, told.profiles))
})

/** 第3版 own-1, or the file. */
export function versionName(id: number): string {
  const told = list.value
  if (id === 0) return t('rules.file', { label: told?.file_label ?? '' })
  const one = told?.versions.find((row) => row.id === id)
  return one === undefined ? t('rules.number', { n: id, label: '' }) : t('rules.number', { n: one.number, label: one.label })
}

export async function readList(): Promise<void> {
  list.value = (await attempt(() => rulesApi.list())) ?? list.value
}

/** Looks at a version; what was being written elsewhere is left. */
export async function choose(id: number): Promise<void> {
  const told = await attempt(() => rulesApi.version(id))
  if (told === undefined) return
  chosen.value = id
  version.value = told
  reading.value = told.reading
  known.value = told.reading.profiles
  text.value = told.reading.text
  profiles.value = [...told.profiles]
}

export async function begin(): Promise<void> {
  await readList()
  await choose(list.value?.in_force ?? 0)
}

/** A new draft from the version that is looked at. */
export async function draftFrom(): Promise<void> {
  const told = version.value
  if (told === null) return
  const made = await attempt(() => rulesApi.draft({ text: told.reading.text, profiles: [...told.profiles], base: chosen.value }))
  if (made === undefined) return
  await readList()
  await choose(made.id)
}

export function toggle(id: string): void {
  profiles.value = profiles.value.includes(id) ? profiles.value.filter((one) => one !== id) : [...profiles.value, id]
}

/** Reads the text in hand again: its mistakes at their lines, or what it says. */
export async function check(): Promise<void> {
  const asked = text.value
  const told = await attempt(() => rulesApi.check(asked))
  if (told === undefined || asked !== text.value) return
  reading.value = told
  if (told.faults.length === 0) known.value = told.profiles
}

const again = calmly(readList, 200)

export function heardOfRules(event: Event): void {
  if (event.type.startsWith('reporting_rules.')) again()
}

export const stateOf = (one: RulesBrief): 'draft' | 'in_force' | 'ahead' | 'past' => {
  if (one.state === 'draft') return 'draft'
  if (one.id === list.value?.in_force) return 'in_force'
  return Date.parse(one.holds_from ?? '') > Date.parse(list.value?.at ?? '') ? 'ahead' : 'past'
}
