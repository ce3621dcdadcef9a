import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'mine', component: () => import('./MinePage.vue'), meta: { title: 'mine.title', tab: true } },
  ],
})
