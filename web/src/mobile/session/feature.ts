import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'sign-in',
      component: () => import('./SignInPage.vue'),
      meta: { title: 'session.title', open: true },
    },
    {
      path: 'collect-notice',
      component: () => import('./CollectNoticePage.vue'),
      meta: { title: 'session.notice.title', open: true },
    },
  ],
})
