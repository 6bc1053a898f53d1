import { createApp } from 'vue'
import '@/ui/theme.css'
import './file.css'
import type { ReplayTold } from '@/api/replay'
import type { BaseMap } from '@/api/types'
import { setZone } from '@/model/time'
import FileView from './FileView.vue'

/** The page of one file: what it shows lies in it. */
const held = <T>(id: string): T => JSON.parse(document.getElementById(id)?.textContent ?? 'null') as T

const told = held<ReplayTold>('replay')
setZone(told.zone)
createApp(FileView, { told, base: held<BaseMap>('base') }).mount('#app')
