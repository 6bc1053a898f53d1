import { zhAssignment } from './zh.assignment'
import { zhCalendar } from './zh.calendar'
import { zhChecklists } from './zh.checklists'
import { zhDark } from './zh.dark'
import { zhReporting } from './zh.reporting'
import { zhRules } from './zh.rules'
import { zhDevices } from './zh.devices'
import { zhDispatch } from './zh.dispatch'
import { zhDuty } from './zh.duty'
import { zhDutyDesk } from './zh.dutyDesk'
import { zhBroadcastWire } from './zh.broadcastWire'
import { zhExchange } from './zh.exchange'
import { zhWarnings } from './zh.warnings'
import { zhField } from './zh.field'
import { zhIntake } from './zh.intake'
import { zhAdmin } from './zh.admin'
import { zhKeys } from './zh.keys'
import { zhVital } from './zh.vital'
import { zhKnown } from './zh.known'
import { zhMap } from './zh.map'
import { zhKit } from './zh.kit'
import { zhRoles } from './zh.roles'
import { zhReplay } from './zh.replay'
import { zhStatistics } from './zh.statistics'
import { zhHandoff } from './zh.handoff'
import { zhRelease } from './zh.release'
import { zhLifecycle } from './zh.lifecycle'
import { zhNotices } from './zh.notices'
import { zhOrders } from './zh.orders'
import { zhDocuments } from './zh.documents'
import { zhPeople } from './zh.people'
import { zhReports } from './zh.reports'
import { zhReadiness } from './zh.readiness'
import { zhRegister } from './zh.register'
import { zhSpotCheck } from './zh.spotCheck'
import { zhTeams } from './zh.teams'
import { zhCallouts } from './zh.callouts'
import { zhMeetings } from './zh.meetings'
import { zhStatusCalls } from './zh.statusCalls'
import { zhPlans } from './zh.plans'
import { zhDrills } from './zh.drills'
import { zhDrones } from './zh.drones'
import { zhResponses } from './zh.responses'
import { zhCameras } from './zh.cameras'
import { zhShelters } from './zh.shelters'
import { zhBroadcast } from './zh.broadcast'
import { zhForces } from './zh.forces'
import { zhSupplies } from './zh.supplies'
import { zhTime } from './zh.time'

export const zh = {
  app: '值守',
  drill: '演练',

  'emergency': '应急登录',
  'emergency.hint': '仅在所有人都无法登录时使用：所有值班台将告警并通知带班领导，全程留痕。',
  'emergency.code': '密封件上的应急码',
  'emergency.name': '拆封人姓名',
  'emergency.reason': '事由',
  'emergency.open': '拆封登录',
  'emergency.bar': '应急账号正在使用：{who}，{why}（{from}），至 {t}',
  'emergency.close': '立即终止',
  'emergency.closeSure': '终止应急账号的登录？',
  'emergency.due': '应急码已使用，请在服务器运行 zhishou break-glass seal 重新密封',
  'login.title': '登录值班台',
  'login.username': '用户名',
  'login.password': '密码',
  'login.submit': '登录',
  'factor.title': '二次验证',
  'factor.off': '未启用。启用后，登录时除密码外还要手机验证器上的 6 位数字。',
  'factor.due': '本账号的角色须启用二次验证。请现在设置，设置后即可使用；也可以退出登录。',
  'factor.on': '{t} 起启用，剩余备用码 {n} 个',
  'factor.begin': '启用',
  'factor.scan': '用手机上的验证器应用（支持 TOTP）扫描，再填它显示的 6 位数字',
  'factor.qr': '验证器二维码',
  'factor.here': '验证器在本机：点此打开',
  'factor.secret': '扫不了时手工输入',
  'factor.confirm': '确认',
  'factor.paper': '备用码只显示这一次：请打印或抄下锁好，每个只能用一次',
  'factor.print': '打印',
  'factor.done': '已收好',
  'factor.remove': '停用',
  'factor.lostHint': '本人手机和备用码都丢失时，核实身份后停用，由本人重新启用。',
  'factor.dropSure': '停用 {who} 的二次验证？请先当面或回拨电话核实身份。',
  'factor.replace': '换手机或停用：输入一个验证码',
  'login.code': '验证码',
  'login.codeHint': '手机验证器上的 6 位数字；手机不在时用一个备用码',
  'sso.busy': '正在核验身份…',
  'sso.back': '返回登录页',
  'sso.declined': '统一身份认证没有完成，请重试或用用户名和密码登录',
  'login.wait': '尝试过多，请 {n} 秒后再试',
  unreachable: '连不上服务器，请检查网络',
  logout: '退出',


  'count.alarms': '未确认',
  'count.overdue': '超时未接',
  'count.incidents': '在办',
  'count.available': '可用',


  'alarms.title': '报警',
  'alarms.none': '没有待处理的报警',
  'alarm.open': '未确认',
  'alarm.acknowledged': '已确认',
  'alarm.ackBy': '{who} 已确认 {t}',
  'alarm.ack': '确认',
  'alarm.confirm': '转为警情',
  'alarm.dismiss': '排除',
  'alarm.dismissReason': '排除理由',
  'alarm.dismiss.mistake': '误触，本人已核实',
  'alarm.dismiss.test': '设备测试',
  'alarm.dismiss.duplicate': '与在办警情重复',
  'alarm.noHolder': '未登记持有人',
  'alarm.noPosition': '没有位置',
  'alarm.trail': '最近位置',
  'alarm.heard': '收到',
  'alarm.fixed': '定位',
  'alarm.type': '类型',

  'queue.title': '警情队列',
  'queue.none': '没有在办警情',
  'queue.unattended': '未派出',
  'queue.sent': '已派 {n}',
  'queue.back': '队伍已撤',
  'queue.onScene': '到场 {n}',
  'queue.overdue': '{who} 超时未答 {t}',
  'queue.life': '危及生命',

  'units.title': '单位状态',
  'units.onlyAvailable': '仅看可用',
  'units.unit': '单位',
  'units.status': '状态',
  'units.task': '任务',
  'units.place': '位置',
  'units.since': '持续',
  'units.fix': '定位',
  'units.noFix': '无位置',
  'units.none': '没有队伍',
  'units.showOffDuty': '另有 {n} 支休勤，显示',
  'units.hideOffDuty': '收起 {n} 支休勤',
  'unit.available': '待命',
  'unit.dispatched': '已派',
  'unit.acknowledged': '已受',
  'unit.en_route': '途中',
  'unit.on_scene': '到场',
  'unit.off_duty': '休勤',
  'unit.out_of_contact': '失联',

  'devices.title': '设备与通道',
  'devices.family': '类别',
  'devices.ok': '正常',
  'devices.bad': '异常',
  'devices.last': '最近',
  'devices.none': '没有登记设备',
  'devices.never': '未上线',

  'log.title': '事件日志',
  'log.hold': '暂停',
  'log.held': '已暂停，{n} 条新消息',
  'log.none': '还没有事件',
  'log.system': '系统',
  'log.cat.alarm': '报警',
  'log.cat.incident': '警情',
  'log.cat.dispatch': '派警',
  'log.cat.delivery': '送达',
  'log.cat.team': '队伍',
  'log.cat.text': '来文',
  'log.cat.device': '设备',
  'log.cat.account': '账号',


  'level.1': '特别重大',
  'level.2': '重大',
  'level.3': '较大',
  'level.4': '一般',
  level: '等级',

  'incident.title': '警情',
  'incident.place': '地点',
  'incident.type': '类型',
  'incident.source': '来源',
  'incident.received': '接报',
  'incident.occurred': '事发',
  'incident.opened': '立案',
  'incident.description': '情况',
  'incident.callers': '报告人',
  'incident.casualties': '人员',
  'incident.verifying': '核实中',
  'incident.edit': '修改',
  'incident.save': '保存',
  'incident.close': '结束警情',
  'incident.closeReason': '结束理由',
  'incident.close.handled': '处置完毕，人员撤离',
  'incident.close.unfounded': '经核实不属实',
  'incident.close.transferred': '移交有关部门',
  'incident.timeline': '时间线（可打印）',
  'incident.assignments': '派出队伍',
  'incident.noAssignments': '还没有派出队伍',
  'incident.restricted': '限知',
  'incident.conflict': '别人刚改过这条警情，已显示新内容，请核对后再存',
  'incident.gone': '这条警情已结束，或不在你的范围内',
  'incident.name': '标题',

  'source.device_alarm': '设备报警',
  'source.telephone': '电话',
  'source.radio': '电台',
  'source.walk_in': '来人',
  'source.superior': '上级',
  'source.partner': '联动单位',

  'casualty.dead': '死亡',
  'casualty.missing': '失踪',
  'casualty.trapped': '被困',
  'casualty.seriously_injured': '重伤',
  'casualty.slightly_injured': '轻伤',
  'casualty.at_risk': '涉险',

  'channel.app': '手机',
  'channel.beidou': '北斗',
  'channel.jt808': '车载屏',
  'channel.radio': '电台',
  'channel.telephone': '电话',
  'channel.satellite_phone': '卫星电话',
  'channel.sbd': '铱星短报文',
  'channel.sms': '短信',
  'channel.radio_370': '370 电台',
  'channel.neighbour': '代传',
  'channel.messenger': '通信员',
  'channel.in_person': '当面',

  'delivery.queued': '待发',
  'delivery.submitted': '已提交，未确认送达',
  'delivery.accepted': '网关已收，未确认送达',
  'delivery.delivered': '已送达',
  'delivery.failed': '发送失败',
  'delivery.unknown': '结果不明',
  'delivery.expired': '已过期',
  'delivery.cancelled': '已取消',
  'delivery.submitted.beidou': '已提交卫星，未确认送达',
  'delivery.accepted.beidou': '卫星已收，未确认送达',
  'delivery.submitted.radio': '已交中继台，未确认送达',
  'delivery.accepted.radio': '中继台已收，未确认送达',
  'delivery.submitted.satellite_phone': '已交卫星电话，未确认送达',
  'delivery.accepted.satellite_phone': '短信中心已收，未确认送达',
  'delivery.submitted.sbd': '已交铱星终端，未确认送达',
  'delivery.accepted.sbd': '铱星网关已收，未确认送达',
  'delivery.parts': '{n} 条',

  'leader.title': '无人应答，请带班领导过问',
  'leader.row': '{team} · {number}',
  'leader.waiting': '已等 {t}',
  'leader.none': '没有无人应答的指令',

  theme: '切换明暗',
  language: 'English',
  cancel: '取消',
  close: '关闭',
  confirm: '确定',
  yes: '是',
  no: '否',
  persons: '{n}人',

  ...zhDark,
  ...zhReporting,
  ...zhRules,
  ...zhDevices,
  ...zhRegister,
  ...zhReadiness,
  ...zhCalendar,
  ...zhMap,
  ...zhChecklists,
  ...zhNotices,
  ...zhOrders,
  ...zhDocuments,
  ...zhReports,
  ...zhPeople,
  ...zhTeams,
  ...zhTime,
  ...zhBroadcastWire,
  ...zhExchange,
  ...zhWarnings,
  ...zhField,
  ...zhKit,
  ...zhRoles,
  ...zhReplay,
  ...zhStatistics,
  ...zhHandoff,
  ...zhRelease,
  ...zhLifecycle,
  ...zhIntake,
  ...zhKeys,
  ...zhAdmin,
  ...zhVital,
  ...zhAssignment,
  ...zhDispatch,
  ...zhDuty,
  ...zhDutyDesk,
  ...zhSpotCheck,
  ...zhKnown,
  ...zhCallouts,
  ...zhStatusCalls,
  ...zhMeetings,
  ...zhPlans,
  ...zhDrills,
  ...zhDrones,
  ...zhResponses,
  ...zhCameras,
  ...zhShelters,
  ...zhBroadcast,
  ...zhForces,
  ...zhSupplies,
} as const
