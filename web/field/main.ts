import { createApp } from 'vue'
import '@/ui/theme.css'
import './field.css'
import App from './App.vue'
import { keepOffline } from './update'

createApp(App).mount('#app')

if (import.meta.env.PROD) void keepOffline()
