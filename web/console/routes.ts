import { createRouter, createWebHistory } from 'vue-router'
import Desk from './desk/Desk.vue'
import DevicesPage from './devices/DevicesPage.vue'
import DutyPage from './duty/DutyPage.vue'

/** An incident lies over the desk as a drawer, a device over the register: such paths are the same screen. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'desk', component: Desk },
    { path: '/i/:id(\\d+)', name: 'incident', component: Desk },
    { path: '/devices', name: 'devices', component: DevicesPage },
    { path: '/devices/:id(\\d+)', name: 'device', component: DevicesPage },
    { path: '/devices/:tab(tests|kit|radio|unknown)', name: 'devices-tab', component: DevicesPage },
    { path: '/duty', name: 'duty', component: DutyPage },
    { path: '/duty/:tab(roster|mine)', name: 'duty-tab', component: DutyPage },
    { path: '/duty/:tab(roster)/:post(\\d+)/:month(20\\d\\d-\\d\\d)', name: 'roster', component: DutyPage },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

export const showIncident = (id: number): void => void router.push(`/i/${id}`)
export const showDesk = (): void => void router.push('/')
export const showDevices = (): void => void router.push('/devices')
export const showRoster = (post: number, month: string): void => void router.push(`/duty/roster/${post}/${month}`)
/** The filter of the register stays what it is. */
export const showDevice = (id: number): void => {
  const { name, query } = router.currentRoute.value
  void router.push({ path: `/devices/${id}`, query: name === 'devices' || name === 'device' ? query : {} })
}
