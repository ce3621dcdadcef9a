// Every address under /wall/ is a theme; who is not signed in goes to the desk's door and comes back.
import { createRouter, createWebHistory } from 'vue-router'

import { me } from '@/shared/session/session'

import { goToDoor } from './door'

export const router = createRouter({
  history: createWebHistory('/wall/'),
  routes: [
    { path: '/', redirect: '/command' },
    { path: '/:code', component: () => import('./WallPage.vue') },
    { path: '/:rest(.*)*', redirect: '/command' },
  ],
})

router.beforeEach((to) => {
  if (me.value) return true
  goToDoor(`/wall${to.fullPath}`)
  return false
})
