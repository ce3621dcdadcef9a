import { Collection, FirstAidKit, Finished } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'registry',
      component: () => import('./SearchPage.vue'),
      meta: { title: 'registry.title', any: ['registry.read'] },
    },
    {
      path: 'registry/quality',
      component: () => import('./QualityPage.vue'),
      meta: { title: 'registry.quality', any: ['registry.read'] },
    },
    {
      path: 'registry/care',
      component: () => import('./CarePage.vue'),
      meta: { title: 'registry.care.title', any: ['care.read'] },
    },
    {
      path: 'registry/:kind(person|household|dwelling|building|organisation|place|facility)/:id([0-9a-f-]{36})',
      component: () => import('./RecordPage.vue'),
      meta: { title: 'registry.file', any: ['registry.read'] },
    },
  ],
  rail: [
    { part: 'ground', to: '/registry', icon: Collection, order: 50 },
    { part: 'ground', to: '/registry/quality', icon: Finished, order: 60 },
    { part: 'ground', to: '/registry/care', icon: FirstAidKit, order: 70 },
  ],
})
