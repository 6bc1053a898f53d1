import { ref, watchEffect } from 'vue'

export type Theme = 'dark' | 'light'

const STORED = 'zhishou.theme'

/** Theme of this machine; the night desk is dark unless somebody chose otherwise. */
export const theme = ref<Theme>(localStorage.getItem(STORED) === 'light' ? 'light' : 'dark')

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value
  localStorage.setItem(STORED, theme.value)
})

export const toggleTheme = (): void => {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
}
