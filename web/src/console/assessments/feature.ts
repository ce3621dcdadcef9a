import { DocumentChecked } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'assessments',
      component: () => import('./AssessmentsPage.vue'),
      meta: { title: 'assessments.title', any: ['security.edit', 'journal.read'] },
    },
    {
      path: 'assessments/:processing([a-z_]+)',
      component: () => import('./AssessmentPage.vue'),
      meta: { title: 'assessments.one', any: ['security.edit', 'journal.read'] },
    },
  ],
  rail: [{ part: 'house', to: '/assessments', icon: DocumentChecked, order: 85 }],
})
