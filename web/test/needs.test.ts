import { describe, expect, it } from 'vitest'
import type { Recommendation } from '@/api/types'
import { proposed, standing, withTeams } from '@/console/dispatch/needs'

type Need = Recommendation['needs'][number]
const need = (capability: string, teams: number, people = 0, short: Need['short'] = null): Need => ({
  capability, capability_zh: capability, teams, people, have_teams: 0, have_people: 0, short, aid: [],
})
const offer = (team_id: number, picked_for: string[]): Recommendation['offers'][number] =>
  ({ team_id, picked_for }) as Recommendation['offers'][number]
const advice = (needs: Need[], ...offers: Recommendation['offers']): Recommendation => ({ needs, offers }) as unknown as Recommendation
const SHORT = { code: 'need_short', zh: '缺', en: 'short' }

describe('needs by hand', () => {
  it('starts from what the card asks for', () => {
    expect(withTeams([need('boat', 1, 6), need('medical', 2)], 'medical', 1)).toEqual([
      { capability: 'boat', teams: 1, people: 6 },
      { capability: 'medical', teams: 3, people: 0 },
    ])
  })

  it('drops a need for nobody and adds one that was not there', () => {
    expect(withTeams([need('boat', 1)], 'boat', -1)).toEqual([])
    expect(withTeams([need('boat', 1)], 'gas', 1).map((n) => n.capability)).toEqual(['boat', 'gas'])
  })

  it('counts a second press on the first one, though its answer is not here yet', () => {
    const told = advice([need('gas', 1)])
    const once = withTeams(standing({ alarm: 1 }, told), 'gas', 1)
    expect(withTeams(standing({ alarm: 1, needs: once }, told), 'gas', 1)[0]?.teams).toBe(3)
  })

  it('asks for no more people than fewer teams can be', () => {
    expect(withTeams([need('boat', 2, 20)], 'boat', -1)).toEqual([{ capability: 'boat', teams: 1, people: 0 }])
  })
})

describe('who is ticked at first', () => {
  it('are those picked for a need', () => {
    expect(proposed(advice([need('boat', 1)], offer(1, []), offer(2, ['boat'])))).toEqual([2])
  })

  it('is the first when nobody fills what is short, and nobody when enough are out already', () => {
    expect(proposed(advice([need('boat', 1, 0, SHORT)], offer(1, []), offer(2, [])))).toEqual([1])
    expect(proposed(advice([need('boat', 1)], offer(1, [])))).toEqual([])
  })
})
