import { ChatLineSquare } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'meetings',
      component: () => import('./MeetingsPage.vue'),
      meta: { title: 'meetings.title', any: ['case.read'] },
    },
    {
      path: 'meetings/new',
      component: () => import('./NewMeetingPage.vue'),
      meta: { title: 'meetings.new', any: ['meeting.hold'] },
    },
    {
      path: 'meetings/:id([0-9a-f-]{36})',
      component: () => import('./MeetingPage.vue'),
      meta: { title: 'meetings.one', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'command', to: '/meetings', icon: ChatLineSquare, order: 50 }],
})
