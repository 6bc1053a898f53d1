import { http } from './client'
import type { components } from './schema'
import type { Answer, Ask } from './types'

/** Shapes and calls of the registers of units and people, and of the call book. */
type Schemas = components['schemas']

export type Unit = Answer<'UnitFact'>
export type UnitKind = Answer<'UnitKindFact'>
export type UnitIn = Ask<'UnitIn', 'kind' | 'name_zh' | 'region_code'>
export type UnitPatch = Partial<Schemas['UnitPatch']>
export type Person = Answer<'PersonFact'>
export type PersonDetail = Answer<'PersonDetail'>
export type PeoplePage = Answer<'PeoplePage'>
export type PeopleTotals = Answer<'PeopleTotals'>
export type Phone = Person['phones'][number]
export type PersonIn = Ask<'PersonIn', 'name' | 'region_code'>
export type PersonPatch = Partial<Schemas['PersonPatch']>
export type PeopleImport = Answer<'PeopleImportOut'>
export type Office = Answer<'OfficeFact'>
export type OfficeIn = Ask<'OfficeIn', 'kind' | 'title' | 'region_code'>
export type Responsibility = Answer<'ResponsibilityFact'>
export type ResponsibilityIn = Ask<'ResponsibilityIn', 'kind' | 'region_code'>
export type ResponsibilityPatch = Partial<Schemas['ResponsibilityPatch']>
export type Responsible = Answer<'CallList'>
export type Group = Answer<'GroupFact'>
export type GroupMember = Group['members'][number]
export type GroupIn = Ask<'GroupIn', 'name_zh' | 'region_code'>

export type UnitKindIn = Ask<'UnitKindIn', 'name_zh' | 'name_en'>
export type TeamMembers = Answer<'TeamMembersOut'>
export type TeamRole = TeamMembers['members'][number]['role']

export interface PeopleQuery {
  text: string
  region: string
  unit_id: number | null
  below: boolean
  left: boolean
}

function queryOf(wanted: Partial<PeopleQuery>, offset: number, limit: number): string {
  const told = Object.entries({ ...wanted, offset, limit }).filter(([, v]) => v !== null && v !== '' && v !== false && v !== 0)
  return new URLSearchParams(told.map(([name, value]) => [name, String(value)])).toString()
}

export const peopleApi = {
  units: () => http.get<Unit[]>('/api/units'),
  unitKinds: () => http.get<UnitKind[]>('/api/units/kinds'),
  setUnitKind: (code: string, body: UnitKindIn) => http.put<UnitKind>(`/api/units/kinds/${code}`, body),
  enterUnit: (body: UnitIn) => http.post<Unit>('/api/units', body),
  amendUnit: (id: number, patch: UnitPatch) => http.patch<Unit>(`/api/units/${id}`, patch),
  closeUnit: (id: number) => http.post<Unit>(`/api/units/${id}/deactivate`),

  people: (wanted: Partial<PeopleQuery>, offset: number, limit: number) =>
    http.get<PeoplePage>(`/api/people?${queryOf(wanted, offset, limit)}`),
  totals: () => http.get<PeopleTotals>('/api/people/totals'),
  person: (id: number) => http.get<PersonDetail>(`/api/people/${id}`),
  enterPerson: (body: PersonIn) => http.post<Person>('/api/people', body),
  amendPerson: (id: number, patch: PersonPatch) => http.patch<Person>(`/api/people/${id}`, patch),
  letGo: (id: number, force: boolean) => http.post<Person>(`/api/people/${id}/deactivate`, { force }),
  succeed: (id: number, person_id: number) => http.post<Person>(`/api/people/${id}/succeed`, { person_id }),
  importPeople: (sheet: Blob, apply: boolean) => http.post<PeopleImport>(`/api/people/import?apply=${apply}`, sheet),

  responsible: (code: string, point: string) =>
    http.get<Responsible>(`/api/responsible?region_code=${code}&point=${encodeURIComponent(point)}`),
  responsibilities: (region: string) => http.get<Responsibility[]>(`/api/responsibilities?region=${region}`),
  assignDuty: (body: ResponsibilityIn) => http.post<Responsibility>('/api/responsibilities', body),
  reassignDuty: (id: number, patch: ResponsibilityPatch) => http.patch<Responsibility>(`/api/responsibilities/${id}`, patch),
  endDuty: (id: number) => http.delete<undefined>(`/api/responsibilities/${id}`),
  offices: (region: string) => http.get<Office[]>(`/api/offices?region=${region}`),
  enterOffice: (body: OfficeIn) => http.post<Office>('/api/offices', body),
  abolishOffice: (id: number) => http.delete<undefined>(`/api/offices/${id}`),
  fillOffice: (id: number, person_id: number | null) => http.put<Office>(`/api/offices/${id}/holder`, { person_id }),

  teamMembers: (team: number) => http.get<TeamMembers>(`/api/teams/${team}/members`),
  setTeamMembers: (team: number, members: { person_id: number; role: TeamRole }[]) => http.put<TeamMembers>(`/api/teams/${team}/members`, { members }),

  groups: () => http.get<Group[]>('/api/groups'),
  makeGroup: (body: GroupIn) => http.post<Group>('/api/groups', body),
  amendGroup: (id: number, body: GroupIn) => http.put<Group>(`/api/groups/${id}`, body),
  deleteGroup: (id: number) => http.delete<undefined>(`/api/groups/${id}`),
}
