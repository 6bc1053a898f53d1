import { createApp } from 'vue'
import '@/ui/theme.css'
import App from './App.vue'
import { router } from './routes'
import { enterByToken } from './wall/entry'

void enterByToken().then(() => createApp(App).use(router).mount('#app'))
