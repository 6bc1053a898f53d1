import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { GROUPS, PAGES, pageAt, pagesOf } from '@/console/pages'
import { en } from '@/i18n/en'

it('every page but the desk lies in one group', () => {
  expect(['desk', ...GROUPS.flatMap((g) => pagesOf(g).map((p) => p.name))].sort()).toEqual(PAGES.map((p) => p.name).sort())
})

it('a path below a page is that page, and an incident lies over the desk', () => {
  expect(['/shelters/villages', '/i/7', '/', '/status-calls/3', '/orderson'].map((path) => pageAt(path).name)).toEqual(['shelters', 'desk', 'desk', 'statusCalls', 'desk'])
})

it('every page and every group has its word', () => {
  expect([...PAGES.map((p) => `page.${p.name}`), ...GROUPS.map((g) => `pages.${g}`)].filter((key) => !(key in en))).toEqual([])
})

it('the service answers a reload of every page with the console', () => {
  const addresses = readFileSync(join(import.meta.dirname, '../../app/api/addresses.py'), 'utf8')
  expect(PAGES.filter((p) => p.path !== '/' && !addresses.includes(`"${p.path}"`))).toEqual([])
})
