import { Notebook } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'journal',
      component: () => import('./JournalPage.vue'),
      meta: { title: 'journal.title', any: ['journal.read'] },
    },
  ],
  rail: [{ part: 'house', to: '/journal', icon: Notebook, order: 90 }],
})
