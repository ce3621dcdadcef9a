// Before each spec: an empty browser. The network is replaced by `answer()` of ./network, never our own modules.
import { cleanup } from '@testing-library/vue'
import { afterEach, beforeEach } from 'vitest'

import { shutNetwork } from './network'

beforeEach(shutNetwork)
afterEach(() => {
  cleanup()
  sessionStorage.clear()
  localStorage.clear()
})
