import { createRouter, createWebHistory } from 'vue-router'

import { me } from '@/shared/session/session'

import { features } from './features'
import { hasAccepted } from './session/collect-notice'
import { waitsForTime } from './session/who'

export const router = createRouter({
  history: createWebHistory('/m/'),
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  routes: [
    ...features.flatMap(({ routes }) => routes.map((route) => ({ ...route, path: `/${route.path}` }))),
    {
      path: '/:rest(.*)*',
      component: () => import('./frame/NotFoundPage.vue'),
      meta: { title: 'state.notFound', open: true },
    },
  ],
})

router.beforeEach(async (to) => {
  if (to.meta.open) return true
  // Whoever was here may be taken up yet, on this page.
  if (!me.value && waitsForTime.value) return true
  if (!me.value) return { path: '/sign-in', query: to.path === '/' ? {} : { next: to.fullPath } }
  if (!(await hasAccepted())) return { path: '/collect-notice', query: { next: to.fullPath } }
  return true
})
