import { Message } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'announcements',
      component: () => import('./AnnouncementsPage.vue'),
      meta: { title: 'announcements.title' },
    },
  ],
  rail: [{ part: 'command', to: '/announcements', icon: Message, order: 80 }],
})
