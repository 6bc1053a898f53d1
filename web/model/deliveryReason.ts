/** Why a message did not get through, by the codes of the drivers. */
const WORDS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  failed: ['对方未执行', 'the far side failed'],
  busy: ['对方占线', 'busy'],
  not_sendable: ['内容无法发送', 'cannot be sent as it is'],
  link_lost: ['与设备的连接中断', 'the link to the device was lost'],
  no_such_number: ['号码不存在', 'no such number'],
  barred: ['号码被限制', 'barred'],
  rejected: ['对方拒收', 'rejected'],
  not_subscribed: ['未开通短信', 'not subscribed'],
  network_failure: ['网络故障', 'network failure'],
  congestion: ['网络拥塞', 'congestion'],
  no_sim: ['没有SIM卡', 'no SIM card'],
  no_network: ['没有网络', 'no network'],
  network_timeout: ['网络超时', 'network timeout'],
  no_feedback: ['设备没有回应', 'the device did not answer'],
  phone_restarted: ['卫星电话重启', 'the phone restarted'],
  procedure_error: ['短信流程出错', 'procedure error'],
  incompatible: ['对方不支持', 'incompatible'],
  not_obtainable: ['联系不到对方', 'not obtainable'],
  no_service_quality: ['信号质量不足', 'quality of service not available'],
  no_interworking: ['网间不通', 'no interworking'],
  validity_expired: ['超过有效期', 'validity expired'],
  deleted: ['被网络删除', 'deleted by the network'],
  no_such_message: ['网络查无此消息', 'no such message'],
  not_locked: ['未锁定卫星', 'no satellite in lock'],
  low_battery: ['电量低', 'low battery'],
  too_soon: ['未到发信间隔', 'before its interval'],
  crypto: ['加解密失败', 'encryption failed'],
  checksum: ['校验错误', 'checksum wrong'],
  suppressed: ['发射被抑制', 'transmission suppressed'],
  silent: ['处于无线电静默', 'radio silence'],
  no_card: ['没有北斗卡', 'no Beidou card'],
  not_permitted: ['卡无此权限', 'the card may not'],
  parameters: ['参数错误', 'wrong parameters'],
  receive_only: ['设备只收不发', 'receive only'],
  not_tuned: ['未在该信道', 'not tuned to it'],
  no_answer: ['对方无应答', 'no answer'],
  not_woken: ['未能唤醒', 'not woken'],
  no_contact: ['联系不上', 'no contact'],
  not_allowed: ['不允许', 'not allowed'],
  interrupted: ['被打断', 'interrupted'],
  not_taken: ['中继台未接收', 'not taken by the repeater'],
  timeout: ['超时', 'timed out'],
  unsupported: ['设备不支持', 'not supported'],
  bad_message: ['设备认为消息有误', 'the device calls it malformed'],
}
/** A driver's code with a number says which: error_38, flag_9. */
const NUMBERED = /^(?:error|status|flag|reason|result)_(\d+)$/

/** The reason in both languages; behind the code stand the device's own words. */
export function deliveryReason(reason: string): { zh: string; en: string } {
  const [code = '', ...rest] = reason.split(' ')
  const number = NUMBERED.exec(code)?.[1]
  const [zh, en] = number === undefined ? (WORDS[code] ?? [code, code]) : [`设备代码 ${number}`, `device code ${number}`]
  return { zh: [zh, ...rest].join(' '), en: [en, ...rest].join(' ') }
}
