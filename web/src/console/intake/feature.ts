import { EditPen } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'intake',
      component: () => import('./IntakePage.vue'),
      meta: { title: 'intake.title', any: ['case.report'] },
    },
  ],
  rail: [{ part: 'cases', to: '/intake', icon: EditPen, order: 30 }],
})
