/** A channel in Chinese and English, for the log. */
const CHANNEL: Record<string, [string, string]> = {
  app: ['手机', 'phone app'],
  beidou: ['北斗', 'Beidou'],
  jt808: ['车载屏', 'vehicle screen'],
  radio: ['电台', 'radio'],
  telephone: ['电话', 'telephone'],
  satellite_phone: ['卫星电话', 'satellite phone'],
  sbd: ['铱星短报文', 'Iridium SBD'],
  sms: ['短信', 'SMS'],
  radio_370: ['370 电台', '370 MHz radio'],
  neighbour: ['代传', 'through a neighbour'],
  messenger: ['通信员', 'messenger'],
  in_person: ['当面', 'in person'],
}

export const channel = (name: string | null): [string, string] => CHANNEL[name ?? ''] ?? [name ?? '', name ?? '']
