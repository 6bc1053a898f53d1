/** Words of the roles. */
export const zhRoles = {
  'role.centre_leader': '带班领导',
  'role.township_leader': '乡镇带班领导',
  'role.shift_lead': '值班长',
  'role.duty_officer': '值班员',
  'role.township_officer': '乡镇值班员',
  'role.responder': '救援队员',
  'role.device_admin': '设备管理员',
  'role.auditor': '审计员',
} as const
