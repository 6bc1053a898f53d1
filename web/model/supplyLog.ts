import type { Event } from '@/api/events'
import type { LogLine } from './log'
import { goods } from './supplies'

/** What happens to supplies. */
export type SupplyEvent = Extract<Event, { type: `supply.${string}` }>

export const isSupply = (event: Event): event is SupplyEvent => event.type.startsWith('supply.')

const line = (zh: string, en: string, loud = false): LogLine => ({ category: 'dispatch', zh, en, loud })

type Step = Extract<SupplyEvent, { transfer: unknown }>['type']

const STEPS: Record<Step, [string, string]> = {
  'supply.reserved': ['预留', 'reserved'],
  'supply.issued': ['出库', 'issued'],
  'supply.carried': ['已承运', 'under way'],
  'supply.delivered': ['签收', 'received'],
  'supply.returned': ['退回/核销', 'returned or used'],
  'supply.cancelled': ['撤销', 'cancelled'],
}

/** An event of supplies as the log would say it. */
export function supplyLine(event: SupplyEvent): LogLine {
  switch (event.type) {
    case 'supply.item_registered':
      return line(`物资入目录 ${event.item?.name_zh ?? ''}`, `Item entered: ${event.item?.name_zh ?? ''}`)
    case 'supply.warehouse_registered':
      return line(`新增仓库 ${event.warehouse?.name_zh ?? ''}`, `Warehouse entered: ${event.warehouse?.name_zh ?? ''}`)
    case 'supply.warehouse_amended':
      return line(`仓库变更 ${event.warehouse?.name_zh ?? ''}`, `Warehouse amended: ${event.warehouse?.name_zh ?? ''}`)
    case 'supply.stocked':
    case 'supply.scrapped': {
      const [zh, en] = event.type === 'supply.stocked' ? ['入库', 'in'] : ['报废', 'scrapped']
      const what = `${event.warehouse_name} ${event.item_zh} ${event.quantity}${event.unit}`
      return line(`物资${zh} ${what}：${event.reason}`, `Supplies ${en}: ${what} (${event.reason})`)
    }
    case 'supply.counted': {
      const { warehouse_name: name } = event.take
      return line(`盘点 ${name}，差异 ${event.differences} 项`, `Stock-take at ${name}: ${event.differences} differences`, event.differences > 0)
    }
    case 'supply.imported':
      return line(`导入物资库存：新增 ${event.created}，变更 ${event.amended}`, `Stock imported: ${event.created} new, ${event.amended} amended`)
    case 'supply.requested': {
      const needs = event.request.needs.map((n) => `${n.name_zh}${n.quantity}${n.unit}`).join('、')
      const short = event.shortfalls.length > 0
      const lack = short ? `，${event.shortfalls.map((s) => s.zh).join('；')}` : ''
      const lacks = short ? `; ${event.shortfalls.map((s) => s.en).join('; ')}` : ''
      return line(`${event.request.region_path} 请求物资 ${needs}${lack}`, `Supplies for ${event.request.region_path}: ${needs}${lacks}`, short)
    }
    case 'supply.reserved':
    case 'supply.issued':
    case 'supply.carried':
    case 'supply.delivered':
    case 'supply.returned':
    case 'supply.cancelled': {
      const [zh, en] = STEPS[event.type]
      const o = event.transfer
      const unlike = event.differences > 0
      const road = `${o.number} ${o.warehouse_name} → ${o.to_name} ${goods(o)}`
      return line(`调拨${zh} ${road}${unlike ? `，不一致 ${event.differences} 项` : ''}`, `Transfer ${en}: ${road}${unlike ? ` (${event.differences} differ)` : ''}`, unlike)
    }
    case 'supply.expiring':
    case 'supply.expired': {
      const gone = event.type === 'supply.expired'
      const lots = event.lots.map((l) => `${l.item_zh}${l.quantity}${l.unit}（${l.expires_on}）`).join('、')
      return line(
        `物资${gone ? '已过期' : '临期'} ${event.warehouse_name} ${lots} → ${event.keeper} ${event.phone}`,
        `${gone ? 'Expired' : 'Expires soon'}: ${event.warehouse_name} ${lots} → ${event.keeper} ${event.phone}`,
        gone,
      )
    }
    default:
      return unknownLine(event)
  }
}

/** A kind of event younger than this page is shown by its name rather than hidden. */
function unknownLine(event: never): LogLine {
  const { type } = event as { type: string }
  return line(type, type)
}
