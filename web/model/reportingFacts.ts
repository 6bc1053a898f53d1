import type { IncidentReporting, ReportKnown } from '@/api/reporting'
import type { ReportDue } from '@/api/reporting'
import { nodeOf } from './reporting'

/** What people enter for the deadlines: the words of every kind and every name it may have. */
type Words = readonly [zh: string, en: string]
export type EnteredKind = Exclude<ReportKnown['kind'], 'level' | 'sensitive' | 'key_facility' | 'ended' | 'reopened'>

export const ENTERED: readonly EnteredKind[] = ['received', 'learned', 'happening', 'milestone', 'flag', 'figure', 'scope', 'evidence']
const NODES: readonly ReportDue['sender'][] = ['E', 'V', 'T', 'D', 'C', 'L', 'B', 'CG', 'P', 'PR', 'N']

const FLAGS: Readonly<Record<string, Words>> = {
  threatens_homes: ['威胁居民地', 'homes threatened'],
  boundary: ['位于行政交界', 'at a boundary'],
  protected_area: ['位于自然保护区', 'in a protected area'],
  sensitive_time: ['处于敏感时段', 'at a sensitive time'],
  media: ['媒体关注', 'in the media'],
  needs_help: ['需要上级支援', 'help is needed'],
  heavy_loss: ['损失严重', 'heavy loss'],
  big_impact: ['社会影响大', 'big impact'],
  larger_risk: ['较大涉险', 'larger risk'],
  special_day: ['特别防护期', 'special days'],
}
const HAPPENINGS: Readonly<Record<string, Words>> = {
  leader_on_scene: ['领导到场', 'a leader on the scene'],
  response_changed: ['响应启动或终止', 'response started or ended'],
  evacuation_done: ['转移完成', 'evacuation done'],
  secondary_disaster: ['次生灾害', 'secondary disaster'],
}
const MILESTONES: Readonly<Record<string, Words>> = { fire_out: ['明火扑灭', 'the fire is out'], stable: ['灾情稳定', 'the disaster is stable'] }
const SCOPES: Readonly<Record<string, Words>> = {
  work_safety: ['生产安全事故', 'work safety'],
  fire: ['火灾', 'fire'],
  road_traffic: ['道路交通事故', 'road traffic'],
  natural_disaster: ['自然灾害', 'natural disaster'],
  forest_fire: ['森林火灾', 'forest fire'],
  environment: ['突发环境事件', 'environment'],
  public_health: ['公共卫生事件', 'public health'],
}
const FIGURES: Readonly<Record<string, Words>> = { hot_pixels: ['热点像元数', 'hot pixels'] }
const HOUSE: Readonly<Record<string, Words>> = { level: ['事件等级', 'level'], sensitive: ['敏感事件', 'sensitive'], key_facility: ['威胁重要设施', 'a key facility threatened'], ended: ['处置结束', 'handling ended'], reopened: ['重新开启', 'reopened'] }
const OF: Readonly<Record<string, Readonly<Record<string, Words>>>> = { flag: FLAGS, happening: HAPPENINGS, milestone: MILESTONES, scope: SCOPES, figure: FIGURES }
const TO_NODES = new Set(['received', 'learned', 'evidence'])

/** What an entry is about, in both languages; an own scope of the county is called by its id. */
export function factName(kind: string, name: string): Words {
  if (TO_NODES.has(kind)) return nodeOf(name as ReportDue['sender']) ?? [name, name]
  return OF[kind]?.[name] ?? HOUSE[name] ?? [name, name]
}

/** The names a kind of entry may have, in the order of the form. */
export function namesOf(kind: EnteredKind, told: IncidentReporting | null): readonly string[] {
  if (TO_NODES.has(kind)) return NODES
  if (kind === 'scope') return told?.scopes ?? []
  return Object.keys(OF[kind] ?? {})
}

/** Of these a second entry is a correction of the first. */
export const ONCE: ReadonlySet<string> = new Set(['learned', 'received', 'milestone', 'scope'])
export const standingOf = (told: IncidentReporting | null, kind: string, name: string): ReportKnown | null =>
  told?.known.find((one) => one.kind === kind && one.name === name && one.holds) ?? null
/** The house's own history is not corrected by hand. */
export const correctable = (one: ReportKnown): boolean => one.holds && !(one.kind in HOUSE)
