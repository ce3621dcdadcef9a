import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'tasks', component: () => import('./TasksPage.vue'), meta: { title: 'tasks.title', tab: true } },
  ],
})
