import type { Account, AccountPatch, Role } from '@/api/accounts'

/** What is being typed of an account. */
export interface AccountDraft {
  name: string
  role: Role
  scope: string
  teamId: number | null
}

export const draftOf = (account: Account): AccountDraft => ({ name: account.name, role: account.role, scope: account.scope, teamId: account.team_ids[0] ?? null })

/** The fields as the server takes them. An account of several teams keeps them until another is chosen. */
export function patchOf(draft: AccountDraft, before?: Account): Required<Pick<AccountPatch, 'name' | 'role' | 'scope' | 'team_ids'>> {
  const kept = before !== undefined && draft.teamId === (before.team_ids[0] ?? null) ? before.team_ids : draft.teamId === null ? [] : [draft.teamId]
  return { name: draft.name, role: draft.role, scope: draft.scope, team_ids: draft.role === 'responder' ? kept : [] }
}
