import { http } from './client'
import type { Answer, Ask } from './types'

export type Supplies = Answer<'SuppliesFact'>
export type SupplyItem = Answer<'SupplyItemFact'>
export type SupplyWarehouse = Answer<'SupplyWarehouseFact'>
export type SupplyPile = Answer<'SupplyPileFact'>
export type SupplyAdequacy = Answer<'SupplyAdequacyFact'>
export type SupplyExpiring = Answer<'SupplyExpiringFact'>
export type SupplyMovement = Answer<'SupplyMovementFact'>
export type SupplyStockTake = Answer<'SupplyStockTakeFact'>
export type SupplyImport = Answer<'SupplyImportOut'>
export type SupplyProposal = Answer<'SupplyProposalFact'>
export type SupplyPick = Answer<'SupplyPickFact'>
export type SupplyRequested = Answer<'SupplyRequestedFact'>
export type SupplyTransfer = Answer<'SupplyTransferFact'>
export type SupplyTransferLine = Answer<'SupplyTransferLineFact'>
export type SupplyIssued = Answer<'SupplyIssuedFact'>
export type SupplyProposalIn = Ask<'SupplyProposalIn', 'region_code' | 'needs'>
export type SupplyRequestIn = Ask<'SupplyRequestIn', 'region_code' | 'needs' | 'reason'>
export type TransferIssueIn = Ask<'TransferIssueIn', 'name'>
export type ReceiptIn = Ask<'ReceiptIn', 'name'>
export type SignatureIn = Ask<'SignatureIn', 'name'>

const order = (id: number): string => `/api/supplies/transfers/${id}`

/** Every endpoint of supplies, one line each. */
export const suppliesApi = {
  overview: () => http.get<Supplies>('/api/supplies'),
  expiring: () => http.get<SupplyExpiring[]>('/api/supplies/expiring'),
  enterItem: (body: Ask<'SupplyItemIn', 'code' | 'name_zh' | 'unit'>) => http.post<SupplyItem>('/api/supplies/items', body),
  enterWarehouse: (body: Ask<'SupplyWarehouseIn', 'level' | 'name_zh' | 'region_code'>) => http.post<SupplyWarehouse>('/api/supplies/warehouses', body),
  amendWarehouse: (id: number, body: Ask<'SupplyWarehousePatch', never>) => http.patch<SupplyWarehouse>(`/api/supplies/warehouses/${id}`, body),
  movements: (warehouse: number) => http.get<SupplyMovement[]>(`/api/supplies/movements?warehouse_id=${warehouse}&limit=40`),
  stockTakes: () => http.get<SupplyStockTake[]>('/api/supplies/stock-takes'),
  takeStock: (body: Ask<'StockTakeIn', 'warehouse_id' | 'counted_by' | 'lines'>) => http.post<SupplyStockTake>('/api/supplies/stock-takes', body),
  stockUp: (body: Ask<'StockReceiptIn', 'warehouse_id' | 'item_id' | 'quantity' | 'reason'>) => http.post<SupplyPile>('/api/supplies/receipts', body),
  scrap: (body: Ask<'ScrapIn', 'warehouse_id' | 'lot_id' | 'quantity' | 'reason'>) => http.post<SupplyPile>('/api/supplies/scrappings', body),
  importSheet: (sheet: Blob, apply: boolean) => http.post<SupplyImport>(`/api/supplies/import?apply=${apply}`, sheet),

  propose: (body: SupplyProposalIn) => http.post<SupplyProposal>('/api/supplies/proposals', body),
  ask: (body: SupplyRequestIn) => http.post<SupplyRequested>('/api/supplies/requests', body),
  transfers: () => http.get<SupplyTransfer[]>('/api/supplies/transfers?limit=200'),
  transfer: (id: number) => http.get<SupplyTransfer>(order(id)),
  issue: (id: number, body: TransferIssueIn) => http.post<SupplyIssued>(`${order(id)}/issue`, body),
  carry: (id: number, body: SignatureIn) => http.post<SupplyTransfer>(`${order(id)}/carriage`, body),
  receive: (id: number, body: ReceiptIn) => http.post<SupplyTransfer>(`${order(id)}/receipt`, body),
  giveBack: (id: number, body: Ask<'SupplyReturnIn', 'reason' | 'lines'>) => http.post<SupplyTransfer>(`${order(id)}/return`, body),
  cancel: (id: number, reason: string) => http.post<SupplyTransfer>(`${order(id)}/cancellation`, { reason }),
}

export const STOCK_SHEET = '/api/supplies/stock.xlsx'
/** Where a transfer slip is fetched to be printed. */
export const slipOf = (id: number, form: 'pdf' | 'docx'): string => `${order(id)}/slip.${form}`
