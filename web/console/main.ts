import { createApp } from 'vue'
import '@/ui/theme.css'
import App from './App.vue'
import { router } from './routes'
import { enterByToken } from './wall/entry'

async function begin(): Promise<void> {
  const without = await enterByToken()
  // The router read the address before the token left it.
  if (without !== null) await router.replace(without)
  createApp(App).use(router).mount('#app')
}
void begin()
