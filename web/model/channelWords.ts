/** A channel in Chinese and English, for the log. */
const CHANNEL: Record<string, [string, string]> = {
  app: ['手机', 'phone app'],
  beidou: ['北斗', 'Beidou'],
  jt808: ['车载屏', 'vehicle screen'],
  radio: ['电台', 'radio'],
  telephone: ['电话', 'telephone'],
  satellite_phone: ['卫星电话', 'satellite phone'],
  sbd: ['铱星短报文', 'Iridium SBD'],
  in_person: ['当面', 'in person'],
}

export const channel = (name: string | null): [string, string] => CHANNEL[name ?? ''] ?? [name ?? '', name ?? '']
