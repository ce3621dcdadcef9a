import { Monitor } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'workbench',
      component: () => import('./WorkbenchPage.vue'),
      meta: { title: 'workbench.title', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'cases', to: '/workbench', icon: Monitor, order: 10 }],
})
