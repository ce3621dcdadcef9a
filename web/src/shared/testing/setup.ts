// Before each spec: an empty browser. The network is replaced by `answer()` of ./network, never our own modules.
import { cleanup } from '@testing-library/vue'
import { afterEach, beforeEach, vi } from 'vitest'

// The files of one worker share Vue and the libraries, which take longer to load than most specs to run. Our own modules
// keep state (who is signed in, what was read): each file has them anew.
vi.resetModules()
const { shutNetwork } = await import('./network')

beforeEach(shutNetwork)
afterEach(() => {
  cleanup()
  document.body.replaceChildren() // messages that fade by themselves
  sessionStorage.clear()
  localStorage.clear()
})
