import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.(ts|vue)$/.test(entry.name) ? [path] : []
  })
}

/** What each room may take from the others; `ol` and `vue` stand for themselves. */
const MAY: Record<string, string[]> = {
  api: ['api'],
  model: ['model', 'api'],
  i18n: ['i18n', 'model'],
  ui: ['ui', 'i18n', 'model', 'api'],
  map: ['map', 'model', 'api'],
  replay: ['replay', 'ui', 'map', 'i18n', 'model', 'api'],
  meeting: ['meeting', 'ui', 'i18n', 'model', 'api'],
  console: ['console', 'meeting', 'replay', 'ui', 'map', 'i18n', 'model', 'api'],
  field: ['field', 'meeting', 'ui', 'i18n', 'model', 'api'],
}

function imports(path: string): string[] {
  const text = readFileSync(join(root, path), 'utf8')
  return [...text.matchAll(/(?:from|import)\s+'([^']+)'/g)].map((m) => m[1] ?? '')
}

function room(path: string, target: string): string {
  if (target.startsWith('@/')) return target.slice(2).split('/')[0] ?? ''
  return relative(root, join(root, path, '..', target)).split('/')[0] ?? ''
}

const all = Object.keys(MAY).flatMap(sources)

it('every room takes only from rooms below it', () => {
  const wrong = all.flatMap((path) =>
    imports(path)
      .filter((target) => target.startsWith('.') || target.startsWith('@/'))
      .filter((target) => !MAY[path.split('/')[0] ?? '']?.includes(room(path, target)))
      .map((target) => `${path} → ${target}`),
  )
  expect(wrong).toEqual([])
})

it('only map/ knows the map library', () => {
  const wrong = all.filter((path) => !path.startsWith('map/') && imports(path).some((t) => t === 'ol' || t.startsWith('ol/')))
  expect(wrong).toEqual([])
})

it('the model knows no component', () => {
  expect(sources('model').filter((path) => imports(path).some((t) => t.endsWith('.vue')))).toEqual([])
})

it('no page asks anybody but its own server, and no markup carries a style', () => {
  const wrong = all.filter((path) => {
    const text = readFileSync(join(root, path), 'utf8').replaceAll('http://www.w3.org/2000/svg', '')
    return /https?:\/\//.test(text) || /<[a-z][^>]*\sstyle="/.test(text)
  })
  expect(wrong).toEqual([])
})
