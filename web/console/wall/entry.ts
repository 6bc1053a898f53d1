import { wallsApi } from '@/api/walls'
import { sentence, tell } from '@/ui/notice'

/** Lets a display in by the token of its address, which does not stay there. */
export async function enterByToken(): Promise<void> {
  const address = new URL(location.href)
  const token = address.searchParams.get('token')
  if (address.pathname !== '/wall' || token === null) return
  address.searchParams.delete('token')
  history.replaceState(null, '', address.pathname + address.search)
  try {
    await wallsApi.enter(token)
  } catch (error) {
    tell(sentence(error))
  }
}
