import { User } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'accounts',
      component: () => import('./AccountsPage.vue'),
      meta: { title: 'accounts.title', any: ['account.read'] },
    },
    {
      path: 'accounts/new',
      component: () => import('./NewAccountPage.vue'),
      meta: { title: 'accounts.new', any: ['account.edit', 'security.edit'] },
    },
    {
      path: 'accounts/roles',
      component: () => import('./RolesPage.vue'),
      meta: { title: 'accounts.roles', any: ['account.read', 'role.edit'] },
    },
    {
      path: 'accounts/partners',
      component: () => import('./PartnersPage.vue'),
      meta: { title: 'accounts.partners', any: ['account.edit'] },
    },
    {
      path: 'accounts/first-passwords',
      component: () => import('./FirstPasswordsPage.vue'),
      meta: { title: 'accounts.first.title', any: ['account.edit'] },
    },
    {
      path: 'accounts/:id(\\d+)',
      component: () => import('./AccountPage.vue'),
      meta: { title: 'accounts.one', any: ['account.read'] },
    },
  ],
  rail: [{ part: 'house', to: '/accounts', icon: User, order: 30 }],
})
