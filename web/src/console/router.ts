// Every address of the console. Feature pages are children of the frame; only sign-in stands outside it.
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'

import { me, usePermissions } from '@/shared/session/session'

import { features, rail } from './features'
import Frame from './frame/Frame.vue'

/** What covers the head of a page that is scrolled, and a gap, in px. */
const TOP_BAR = 68

export const router = createRouter({
  history: createWebHistory('/'),
  scrollBehavior: (to, _from, kept) => kept ?? (to.hash ? { el: to.hash, top: TOP_BAR } : { top: 0 }),
  routes: [
    {
      path: '/sign-in',
      component: () => import('./session/SignInPage.vue'),
      meta: { open: true, title: 'session.title' },
    },
    {
      path: '/',
      name: 'frame',
      component: Frame,
      children: [
        { path: '', redirect: firstPage },
        ...features.flatMap((feature) => feature.routes),
        {
          path: ':rest(.*)*',
          component: () => import('./frame/NotFoundPage.vue'),
          meta: { title: 'state.notFound' },
        },
      ],
    },
  ],
})

router.beforeEach((to) => {
  if (to.meta.open || me.value) return true
  return { path: '/sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})

export function mayOpen(to: Pick<RouteLocationNormalized, 'meta'>): boolean {
  return usePermissions().mayAny(to.meta.any ?? [])
}

/** The first part of the house that this person may enter. */
function firstPage(): string {
  // Redirects come before guards: without a session nobody may anything yet, and "/account" would stick as `next`.
  if (!me.value) return '/sign-in'
  const entry = rail.find(({ to }) => mayOpen(router.resolve(to)))
  return entry?.to ?? '/account'
}
