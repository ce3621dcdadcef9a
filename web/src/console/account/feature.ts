import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'account', component: () => import('./AccountPage.vue'), meta: { title: 'account.title' } },
  ],
})
