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
  rail: [{ to: '/units', icon: OfficeBuilding, order: 90 }],
})
