import { MessageBox } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'notices', component: () => import('./NoticesPage.vue'), meta: { title: 'notices.title' } },
    {
      path: 'notices/settings',
      component: () => import('./NoticeSettingsPage.vue'),
      meta: { title: 'notices.settings' },
    },
  ],
  rail: [{ part: 'command', to: '/notices', icon: MessageBox, order: 30 }],
})
