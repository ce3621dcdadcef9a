import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    { path: 'orders', component: () => import('./OrdersPage.vue'), meta: { title: 'orders.title' } },
    { path: 'orders/:id', component: () => import('./OrderPage.vue'), meta: { title: 'orders.one' } },
  ],
})
