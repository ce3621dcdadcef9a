import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'patrol', component: () => import('./PatrolPage.vue'), meta: { title: 'patrol.title' } },
    { path: 'patrol/:id', component: () => import('./RoundPage.vue'), meta: { title: 'patrol.round' } },
  ],
})
