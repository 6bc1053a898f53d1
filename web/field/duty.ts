import { unlock } from '@/ui/sound'
import { share } from './location'
import { started } from './store'

/** The screen stays lit while the page is in front; the browser drops the lock when it is not. */
async function keepLit(): Promise<void> {
  if (document.visibilityState !== 'visible') return
  await navigator.wakeLock?.request('screen').catch(() => undefined)
}

/** 开始值守: one tap asks for everything a phone only grants after a tap. */
export async function startDuty(): Promise<void> {
  started.value = true
  share(true)
  document.addEventListener('visibilitychange', () => void keepLit())
  await Promise.all([unlock(), keepLit()])
}
