import type { Recommendation, RecommendIn } from '@/api/types'

export const CAPABILITIES = [
  'flood_rescue',
  'boat',
  'water_pump',
  'forest_fire',
  'structural_fire',
  'search_rescue',
  'medical',
  'hazmat',
  'road_clearing',
  'evacuation',
  'first_aid',
  'electric_power',
  'gas',
  'comms',
  'earth_moving',
] as const

type Asked = NonNullable<RecommendIn['needs']>
type Need = { capability: string; teams: number; people?: number }

/** What a change by hand starts from: what was asked for last, even while its answer is on the way; at first, the card's. */
export function standing(ask: RecommendIn, advice: Recommendation): readonly Need[] {
  return ask.needs !== undefined && ask.needs.length > 0 ? ask.needs : advice.needs
}

/** The needs as they stand, with so many teams more or fewer of one; a need for nobody is none. */
export function withTeams(needs: readonly Need[], capability: string, by: number): Asked {
  const asked = needs.map((n) => ({ capability: n.capability, teams: n.teams, people: n.people ?? 0 }))
  const known = asked.find((n) => n.capability === capability)
  if (known === undefined) asked.push({ capability, teams: Math.max(0, by), people: 0 })
  else {
    known.teams = Math.max(0, known.teams + by)
    if (by < 0) known.people = 0 // fewer teams: the card's number of people no longer holds
  }
  return asked.filter((n) => n.teams > 0)
}

/** Who should be ticked at first: those picked for a need; without a pick the first. */
export function proposed(advice: Recommendation): number[] {
  const picked = advice.offers.filter((o) => o.picked_for.length > 0).map((o) => o.team_id)
  const met = advice.needs.length > 0 && advice.needs.every((n) => n.short === null)
  return picked.length > 0 || met ? picked : advice.offers.slice(0, 1).map((o) => o.team_id)
}
