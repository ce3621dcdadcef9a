import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'notices', component: () => import('./NoticesPage.vue'), meta: { title: 'notices.title' } },
  ],
})
