import { Promotion } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'orders',
      component: () => import('./OrdersPage.vue'),
      meta: { title: 'orders.title', any: ['case.read'] },
    },
    {
      path: 'orders/new',
      component: () => import('./NewOrderPage.vue'),
      meta: { title: 'orders.new', any: ['order.give'] },
    },
    {
      path: 'orders/:id([0-9a-f-]{36})',
      component: () => import('./OrderPage.vue'),
      meta: { title: 'orders.one', any: ['case.read'] },
    },
  ],
  rail: [{ part: 'command', to: '/orders', icon: Promotion, order: 40 }],
})
