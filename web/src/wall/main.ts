import '@/shared/base.css'
import './wall.css'

import { startApp } from '@/shared/start'

import App from './App.vue'
import { router } from './router'

void startApp({
  app: App,
  router,
  messages: {
    'zh-CN': async () => (await import('./messages.zh')).default,
    en: async () => (await import('./messages.en')).default,
  },
})
