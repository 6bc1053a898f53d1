import { createApp } from 'vue'
import '@/ui/theme.css'
import './field.css'
import App from './App.vue'

createApp(App).mount('#app')

// Missing on plain http: the page then works, but not offline.
if (import.meta.env.PROD) void navigator.serviceWorker?.register('/m/sw.js', { scope: '/m/' })
