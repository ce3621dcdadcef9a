import { OfficeBuilding } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'units',
      component: () => import('./UnitsPage.vue'),
      meta: { title: 'units.title', any: ['account.read'] },
    },
  ],
  rail: [{ part: 'house', to: '/units', icon: OfficeBuilding, order: 20 }],
})
