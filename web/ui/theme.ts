import { ref, watchEffect } from 'vue'

export type Theme = 'dark' | 'light'

const STORED = 'zhishou.theme'

/** Theme of this machine until somebody chose otherwise: as the page is written, dark for the night desk, light for the sun. */
const written: Theme = document.documentElement.dataset.theme === 'light' ? 'light' : 'dark'
const chosen = localStorage.getItem(STORED)
export const theme = ref<Theme>(chosen === 'light' || chosen === 'dark' ? chosen : written)

watchEffect(() => {
  document.documentElement.dataset.theme = theme.value
  localStorage.setItem(STORED, theme.value)
})

/** Paper is white, whatever the screen is. */
window.addEventListener('beforeprint', () => (document.documentElement.dataset.theme = 'light'))
window.addEventListener('afterprint', () => (document.documentElement.dataset.theme = theme.value))

export const toggleTheme = (): void => {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
}
