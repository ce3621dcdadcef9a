import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'

import { useNewVersion } from './useNewVersion'

const FIVE_MINUTES = 5 * 60_000
const page = (script: string) => new Response(`<script type="module" src="${script}"></script>`)

beforeEach(() => {
  vi.useFakeTimers()
  const script = { getAttribute: () => '/assets/old.js' } as unknown as HTMLScriptElement
  vi.spyOn(document, 'querySelector').mockReturnValue(script)
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

test('a new build is taken over only while the network is there', async () => {
  const takeOver = vi.fn()
  const ask = vi.fn(() => Promise.resolve(page('/assets/new.js')))
  vi.stubGlobal('fetch', ask)
  const scope = effectScope()
  scope.run(() => {
    useNewVersion(() => 0, takeOver)
  })
  await vi.advanceTimersByTimeAsync(FIVE_MINUTES - 1)
  ask.mockImplementationOnce(() => Promise.resolve(page('/assets/new.js')))
  ask.mockImplementation(() => Promise.reject(new TypeError('no network')))
  await vi.advanceTimersByTimeAsync(FIVE_MINUTES)
  expect(takeOver).not.toHaveBeenCalled()
  ask.mockImplementation(() => Promise.resolve(page('/assets/new.js')))
  await vi.advanceTimersByTimeAsync(30_000)
  expect(takeOver).toHaveBeenCalled()
  scope.stop()
})
