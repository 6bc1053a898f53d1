import { unlock } from '@/ui/sound'
import { consent, share } from './location'
import { started } from './store'

/** The screen stays lit while the page is in front; the browser drops the lock when it is not. */
async function keepLit(): Promise<void> {
  if (!started.value || document.visibilityState !== 'visible') return
  await navigator.wakeLock?.request('screen').catch(() => undefined)
}
document.addEventListener('visibilitychange', () => void keepLit())

/** 开始值守: one tap asks for everything a phone only grants after a tap. */
export async function startDuty(): Promise<void> {
  started.value = true
  if (consent.value === true) share(true)
  await Promise.all([unlock(), keepLit()])
}

/** 结束值守: nobody is followed who is off duty. */
export function endDuty(): void {
  started.value = false
  share(false)
}
