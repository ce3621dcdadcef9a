import { Tickets } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'cases',
      component: () => import('./list/CaseListPage.vue'),
      meta: { title: 'cases.title', any: ['case.read'] },
    },
    {
      path: 'cases/:id',
      component: () => import('./detail/CasePage.vue'),
      meta: { title: 'cases.one', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'cases', to: '/cases', icon: Tickets, order: 20 }],
})
