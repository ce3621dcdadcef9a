import { DataLine } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'dashboard',
      component: () => import('./DashboardPage.vue'),
      meta: { title: 'dashboard.title', any: ['dashboard.read'] },
    },
  ],
  rail: [{ part: 'insight', to: '/dashboard', icon: DataLine, order: 10 }],
})
