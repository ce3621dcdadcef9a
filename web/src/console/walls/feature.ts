import { Monitor } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'walls',
      component: () => import('./WallsPage.vue'),
      meta: { title: 'walls.title', any: ['wall.read', 'wall.edit'] },
    },
    {
      path: 'walls/:code',
      component: () => import('./ThemePage.vue'),
      meta: { title: 'walls.theme', any: ['wall.edit'] },
    },
  ],
  rail: [{ part: 'command', to: '/walls', icon: Monitor, order: 90 }],
})
