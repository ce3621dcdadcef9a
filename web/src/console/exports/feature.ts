import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'exports',
      component: () => import('./ExportsPage.vue'),
      meta: {
        title: 'exports.title',
        any: ['case.export', 'dashboard.read', 'journal.read', 'registry.export'],
      },
    },
  ],
})
