import { computed } from 'vue'
import { lang, t } from '@/i18n'
import { inLatin } from '@/model/properNames'
import { reference, teamsById } from './store'

/** What the house itself writes down as who told of a thing; everything else there is a name. */
const TELLERS: Readonly<Record<string, string>> = { 设备报警: 'device', 电话: 'telephone', 电台: 'radio', 来人: 'walk-in', 上级: 'superior', 联动单位: 'partner' }

const names = computed(() => [
  ...[...teamsById.value.values()].map((team) => `${team.name_zh}\t${team.name_en}`),
  ...(reference.value?.regions ?? []).map((region) => `${region.name}\t${region.name_en}`),
].join('\n'))
/** Teams change every second, their names do not. */
const latin = computed(() =>
  inLatin(
    names.value.split('\n').map((line) => {
      const [zh = '', en = ''] = line.split('\t')
      return { zh, en }
    }),
  ),
)

/** A sentence or a name of the wire in the present language: places and teams by their Latin names in English. */
export const named = (text: string): string => (lang.value === 'zh' ? text : latin.value(text))

/** Who told of a thing. */
export const teller = (text: string): string => (text === '系统' ? t('log.system') : lang.value === 'zh' ? text : (TELLERS[text] ?? named(text)))
