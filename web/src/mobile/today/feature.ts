import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: '', component: () => import('./TodayPage.vue'), meta: { title: 'today.title', tab: true } },
  ],
})
