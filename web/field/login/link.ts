import { ref } from 'vue'
import { http, newKey, Refusal } from '@/api/client'
import type { Me } from '@/api/types'
import { sentence } from '@/ui/notice'

/** The link waits here until it is answered: a reload or a dead spot in between must not spend it. */
const STORED = 'zhishou.field.link'
const AGAIN_MS = 2000
const WITHIN_MS = 10_000

interface Link {
  readonly token: string
  /** Made by this phone: whose answer was lost asks again with the same one. */
  readonly key: string
}

export const entering = ref(false)
export const linkError = ref<string | null>(null)

function label(): string {
  const system = /Android [\d.]+|iPhone OS [\d_]+|HarmonyOS[\d. ]*|Windows|Macintosh|Linux/.exec(navigator.userAgent)?.[0] ?? ''
  const browser = /(?:Edg|MicroMessenger|HuaweiBrowser|MiuiBrowser|CriOS|Chrome|Firefox|Safari)\/\d+/.exec(navigator.userAgent)?.[0] ?? ''
  return `${system.replaceAll('_', '.')} ${browser}`.trim()
}

/** Takes the link out of the address, so that it stands in no history. */
function pick(): Link | null {
  const token = /^#login=([\w-]+)$/.exec(location.hash)?.[1]
  if (token !== undefined) {
    history.replaceState(null, '', location.pathname)
    localStorage.setItem(STORED, JSON.stringify({ token, key: newKey() }))
  }
  const kept = localStorage.getItem(STORED)
  return kept === null ? null : (JSON.parse(kept) as Link)
}

/** Logs in with a link, if the page was opened with one; keeps trying while the network is away. Says who it is. */
export async function enterByLink(): Promise<Me | null> {
  const link = pick()
  if (link === null) return null
  entering.value = true
  linkError.value = null
  try {
    for (;;) {
      try {
        const me = await http.post<Me>('/api/login/link', { ...link, label: label() }, undefined, WITHIN_MS)
        localStorage.removeItem(STORED)
        return me
      } catch (error) {
        if (error instanceof Refusal && error.status < 500 && error.status !== 408) {
          localStorage.removeItem(STORED)
          linkError.value = sentence(error)
          return null
        }
        await new Promise((again) => setTimeout(again, AGAIN_MS))
      }
    }
  } finally {
    entering.value = false
  }
}
