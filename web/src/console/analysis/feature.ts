import { Histogram } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'analysis',
      component: () => import('./AnalysisPage.vue'),
      meta: { title: 'analysis.title', any: ['dashboard.read'] },
    },
  ],
  rail: [{ part: 'insight', to: '/analysis', icon: Histogram, order: 20 }],
})
