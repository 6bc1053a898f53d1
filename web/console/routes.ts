import { createRouter, createWebHistory } from 'vue-router'
import Desk from './desk/Desk.vue'

/** An incident lies over the desk as a drawer: both paths are the same screen. */
export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'desk', component: Desk },
    { path: '/i/:id(\\d+)', name: 'incident', component: Desk },
    { path: '/:rest(.*)*', redirect: '/' },
  ],
})

export const showIncident = (id: number): void => void router.push(`/i/${id}`)
export const showDesk = (): void => void router.push('/')
