import { onMounted, onUnmounted, ref } from 'vue'

const PERMISSIONS = ['geolocation', 'microphone', 'notifications'] as const
const LOOK_MS = 2000

export type Standing = PermissionState | 'unknown'

/** What the phone allows this page, looked at while the page of it is open. */
export function usePermissions() {
  const found = ref<Record<(typeof PERMISSIONS)[number], Standing>>({ geolocation: 'unknown', microphone: 'unknown', notifications: 'unknown' })
  async function look(): Promise<void> {
    for (const name of PERMISSIONS) {
      const asked = await navigator.permissions?.query({ name: name as PermissionName }).catch(() => null)
      found.value = { ...found.value, [name]: asked?.state ?? 'unknown' }
    }
  }
  let timer: ReturnType<typeof setInterval> | undefined
  onMounted(() => {
    void look()
    timer = setInterval(() => void look(), LOOK_MS)
  })
  onUnmounted(() => clearInterval(timer))
  return found
}

/** What tells one build of this page from another: the hash in the name of its script. */
export const version = /-([\w-]+)\.js/.exec(import.meta.url)?.[1] ?? 'dev'
