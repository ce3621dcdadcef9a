import { Place } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'map',
      component: () => import('./MapPage.vue'),
      meta: { title: 'map.title', any: ['grid.read'] },
    },
  ],
  rail: [{ part: 'ground', to: '/map', icon: Place, order: 10 }],
})
