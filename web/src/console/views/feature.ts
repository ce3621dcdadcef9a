import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'cases/views',
      component: () => import('./ViewsPage.vue'),
      meta: { title: 'views.title', any: ['case.read', 'account.edit'] },
    },
  ],
})
