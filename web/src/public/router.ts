import { createRouter, createWebHistory } from 'vue-router'

import { features } from './features'

export const router = createRouter({
  history: createWebHistory('/public/'),
  scrollBehavior: (_to, _from, kept) => kept ?? { top: 0 },
  routes: [
    { path: '/', component: () => import('./home/HomePage.vue') },
    ...features.flatMap(({ routes }) => routes.map((route) => ({ ...route, path: `/${route.path}` }))),
    {
      path: '/:rest(.*)*',
      component: () => import('./home/NotFoundPage.vue'),
      meta: { title: 'state.notFound' },
    },
  ],
})
