import '@/shared/base.css'
import 'vant/es/style/base.css'
import '@/shared/vant.css'

import './public.css'

import { startApp } from '@/shared/start'

import App from './App.vue'
import { router } from './router'

void startApp({
  app: App,
  router,
  hasAccounts: false,
  messages: {
    'zh-CN': async () => (await import('./messages.zh')).default,
    en: async () => (await import('./messages.en')).default,
  },
})
