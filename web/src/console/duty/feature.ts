import { Calendar } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'duty',
      component: () => import('./DutyPage.vue'),
      meta: { title: 'duty.title', any: ['grid.read'] },
    },
  ],
  rail: [{ part: 'command', to: '/duty', icon: Calendar, order: 70 }],
})
