import { Flag } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'whistles',
      component: () => import('./WhistlesPage.vue'),
      meta: { title: 'whistles.title', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'command', to: '/whistles', icon: Flag, order: 20 }],
})
