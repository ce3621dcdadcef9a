import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'tasks', component: () => import('./TasksPage.vue'), meta: { title: 'tasks.title', tab: true } },
    { path: 'errands/:id', component: () => import('./ErrandPage.vue'), meta: { title: 'tasks.errand' } },
    { path: 'cases/:id', component: () => import('./CasePage.vue'), meta: { title: 'tasks.case' } },
  ],
})
