import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'registry', component: () => import('./RegistryPage.vue'), meta: { title: 'registry.title' } },
    { path: 'registry/add/:form', component: () => import('./AddPage.vue'), meta: { title: 'registry.new' } },
    {
      path: 'registry/:kind/:id',
      component: () => import('./RecordPage.vue'),
      meta: { title: 'registry.record' },
    },
    {
      path: 'registry/:kind/:id/correct',
      component: () => import('./CorrectPage.vue'),
      meta: { title: 'registry.correct' },
    },
    {
      path: 'registry/:kind/:id/add/:form',
      component: () => import('./AddPage.vue'),
      meta: { title: 'registry.new' },
    },
  ],
})
