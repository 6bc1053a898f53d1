import { onMounted, onUnmounted } from 'vue'

/** Keeps the display lit while the page is up. Browsers grant it on pages over https only; elsewhere the PC's own setting counts. */
export function useWakeLock(): void {
  let lock: WakeLockSentinel | null = null
  async function take(): Promise<void> {
    if (document.visibilityState !== 'visible' || !('wakeLock' in navigator)) return
    lock = await navigator.wakeLock.request('screen').catch(() => null)
  }
  const again = (): void => void take()
  onMounted(() => {
    document.addEventListener('visibilitychange', again)
    void take()
  })
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', again)
    void lock?.release()
  })
}
