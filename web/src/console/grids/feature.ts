import { MapLocation } from '@element-plus/icons-vue'

import { defineFeature } from '../features'

export default defineFeature({
  routes: [
    {
      path: 'grids',
      component: () => import('./GridsPage.vue'),
      meta: { title: 'grids.title', any: ['grid.read'] },
    },
    {
      path: 'grids/divisions',
      component: () => import('./DivisionsPage.vue'),
      meta: { title: 'grids.division.title', any: ['grid.read'] },
    },
    {
      path: 'grids/coverage',
      component: () => import('./CoveragePage.vue'),
      meta: { title: 'grids.coverage.title', any: ['grid.read'] },
    },
    {
      path: 'grids/plans',
      component: () => import('./plans/PlansPage.vue'),
      meta: { title: 'grids.plans.heading', any: ['grid.read'] },
    },
    {
      path: 'grids/plans/new',
      component: () => import('./plans/PlanPage.vue'),
      meta: { title: 'grids.plans.new', any: ['grid.edit'], stays: 'plan' },
    },
    {
      path: 'grids/plans/:id',
      component: () => import('./plans/PlanPage.vue'),
      meta: { title: 'grids.plans.one', any: ['grid.read'], stays: 'plan' },
    },
    {
      path: 'grids/history',
      component: () => import('./HistoryPage.vue'),
      meta: { title: 'grids.history.title', any: ['grid.read'] },
    },
    {
      path: 'grids/:code(\\d{15}|\\d{17})',
      component: () => import('./GridPage.vue'),
      meta: { title: 'grids.one', any: ['grid.read'] },
    },
    {
      path: 'grids/:code(\\d{15}|\\d{17})/redraw',
      component: () => import('./RedrawPage.vue'),
      meta: { title: 'grids.redraw.title', any: ['grid.edit'] },
    },
    {
      path: 'grids/divisions/:code(\\d{2,12})/draw',
      component: () => import('./RedrawPage.vue'),
      meta: { title: 'grids.redraw.drawFirst', any: ['grid.edit'] },
    },
    {
      path: 'grids/:under(\\d{12}|\\d{15})/new',
      component: () => import('./NewGridPage.vue'),
      meta: { title: 'grids.create.title', any: ['grid.edit'] },
    },
  ],
  rail: [{ part: 'ground', to: '/grids', icon: MapLocation, order: 20 }],
})
