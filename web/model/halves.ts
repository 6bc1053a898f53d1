const BOTH = /^(.*\p{Script=Han}.*?) ?\/ ([^\p{Script=Han}]+)$/u

/** The house writes some words down as “已 3 分钟未通联 / not heard for 3 min”: what of it is Chinese, and what English. */
export function halves(words: string): [zh: string, en: string] {
  const found = BOTH.exec(words)
  return found === null ? [words, words] : [found[1] ?? words, found[2] ?? words]
}
