import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

/** Orange and yellow say a level and nothing else: late, short and waiting have the colours of states. */
const LEVELS = ['theme.css', 'LevelMark.vue', 'SpotSymbol.vue', 'WarningMark.vue', 'ContactTab.vue']

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((one) => {
    if (one.isDirectory()) return one.name === 'node_modules' ? [] : files(join(folder, one.name))
    return /\.(vue|css)$/.test(one.name) ? [join(folder, one.name)] : []
  })
}

describe('the four hues of levels', () => {
  it('stand where a level is shown', () => {
    const told = files(join(__dirname, '..')).filter((name) => /var\(--level-[23]\)/.test(readFileSync(name, 'utf8')))
    expect(told.filter((name) => !LEVELS.some((one) => name.endsWith(one)))).toEqual([])
  })
})
