import { defineFeature } from '../features'

export default defineFeature({
  routes: [{ path: 'report', component: () => import('./ReportPage.vue'), meta: { title: 'report.title' } }],
  home: { to: '/report', label: 'report.title', hint: 'report.hint', order: 10 },
})
