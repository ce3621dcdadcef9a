import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'report',
      component: () => import('./ReportPage.vue'),
      meta: { title: 'report.title', tab: true },
    },
  ],
})
