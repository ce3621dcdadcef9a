// How every application starts: language, configuration and session first, then the page; a plain sentence if that fails.
import { createApp, type Component } from 'vue'
import type { Router } from 'vue-router'

import { loadConfig } from './config/config'
import { errorMessage } from './errors/useErrors'
import { i18n, startLanguages, translate, type LoadMessages } from './i18n'
import { arrived } from './lists/places'
import { loadSession, watchSession } from './session/session'

export interface AppParts {
  app: Component
  router: Router
  messages: LoadMessages
  /** Residents have no account: nobody is asked for. */
  hasAccounts?: boolean
}

export async function startApp({ app, router, messages, hasAccounts = true }: AppParts): Promise<void> {
  await startLanguages(messages)
  try {
    await Promise.all([loadConfig(), ...(hasAccounts ? [loadSession()] : [])])
  } catch (error) {
    showFailure(error)
    return
  }
  if (hasAccounts) watchSession()
  router.afterEach(arrived)
  createApp(app).use(i18n).use(router).mount('#app')
}

/** Before there is an application to show it. */
function showFailure(error: unknown): void {
  const root = document.getElementById('app')
  if (!root) return
  const text = Object.assign(document.createElement('p'), { textContent: errorMessage(error, translate) })
  const again = Object.assign(document.createElement('button'), { textContent: translate('action.retry') })
  again.addEventListener('click', () => {
    window.location.reload()
  })
  root.className = 'start-failure'
  root.setAttribute('role', 'alert')
  root.replaceChildren(text, again)
}
