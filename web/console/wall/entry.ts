import { wallsApi } from '@/api/walls'
import { sentence, tell } from '@/ui/notice'

/** Lets a display in by the token of its address; returns the address without it, null when there was none. */
export async function enterByToken(): Promise<string | null> {
  const address = new URL(location.href)
  const token = address.searchParams.get('token')
  if (address.pathname !== '/wall' || token === null) return null
  address.searchParams.delete('token')
  const without = address.pathname + address.search
  history.replaceState(null, '', without)
  try {
    await wallsApi.enter(token)
  } catch (error) {
    tell(sentence(error))
  }
  return without
}
