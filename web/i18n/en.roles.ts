import type { zhRoles } from './zh.roles'

export const enRoles: Record<keyof typeof zhRoles, string> = {
  'role.centre_leader': 'Leader in charge',
  'role.township_leader': 'Township leader',
  'role.shift_lead': 'Shift lead',
  'role.duty_officer': 'Duty officer',
  'role.township_officer': 'Township officer',
  'role.responder': 'Responder',
  'role.device_admin': 'Device admin',
  'role.auditor': 'Auditor',
}
