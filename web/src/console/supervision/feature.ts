import { Bell } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'supervision',
      component: () => import('./SupervisionPage.vue'),
      meta: { title: 'supervision.title', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'command', to: '/supervision', icon: Bell, order: 10 }],
})
