/** A name as the registers have it: Chinese, and in Latin letters where somebody entered that. */
export interface ProperName {
  readonly zh: string
  readonly en: string
}

const HAN = /\p{Script=Han}/u
const MOST_KNOWN = 2_000
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/**
 * Puts the Latin names of places and teams into sentences that name them in Chinese, the longest name first.
 * What has no Latin name stays as it is: names of persons, free text.
 */
export function inLatin(names: readonly ProperName[]): (text: string) => string {
  const known = new Map(names.filter(({ zh, en }) => zh.length > 1 && en !== '').map(({ zh, en }) => [zh, en]))
  const any = new RegExp([...known.keys()].sort((a, b) => b.length - a.length).map(escaped).join('|') || '(?!)', 'g')
  const said = new Map<string, string>()
  return (text) => {
    if (!HAN.test(text)) return text
    const before = said.get(text)
    if (before !== undefined) return before
    const after = text
      .replace(any, (zh) => ` ${known.get(zh) ?? zh} `)
      .replace(/ +(?=[ ,.;:)（）：，。；])/g, '')
      .replace(/([(（]) +/g, '$1')
      .trim()
    if (said.size >= MOST_KNOWN) said.clear()
    said.set(text, after)
    return after
  }
}
