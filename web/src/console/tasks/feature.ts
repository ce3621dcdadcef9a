import { List } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'tasks',
      component: () => import('./TasksPage.vue'),
      meta: { title: 'tasks.title', any: ['case.read'] },
    },
    {
      path: 'tasks/:id([0-9a-f-]{36})',
      component: () => import('./TaskPage.vue'),
      meta: { title: 'tasks.one', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'command', to: '/tasks', icon: List, order: 60 }],
})
