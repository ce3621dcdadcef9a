import { Upload } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'imports',
      component: () => import('./ImportsPage.vue'),
      meta: { title: 'imports.title', any: ['import.run'] },
    },
    {
      path: 'imports/:id([0-9a-f-]{36})',
      component: () => import('./BatchPage.vue'),
      meta: { title: 'imports.one', any: ['import.run'] },
    },
  ],
  rail: [{ part: 'house', to: '/imports', icon: Upload, order: 10 }],
})
