import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'visits', component: () => import('./VisitsPage.vue'), meta: { title: 'visits.title' } },
    { path: 'visits/:id', component: () => import('./VisitPage.vue'), meta: { title: 'visits.one' } },
    { path: 'collect', component: () => import('./CollectPage.vue'), meta: { title: 'visits.collect' } },
  ],
})
