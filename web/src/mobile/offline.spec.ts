import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { installWorker } from './offline'

class Worker extends EventTarget {
  state = 'installing'

  becomes(state: string): void {
    this.state = state
    this.dispatchEvent(new Event('statechange'))
  }
}

class Registration extends EventTarget {
  installing = new Worker()
  waiting = null
  active: Worker | null = null

  isThere(): void {
    this.active = this.installing
    this.installing.becomes('activated')
  }
}

let made: Registration[]
let newest: Registration

beforeEach(() => {
  made = []
  vi.useFakeTimers()
  vi.stubEnv('DEV', false)
  const serviceWorker = Object.assign(new EventTarget(), {
    controller: null,
    register: () => {
      newest = new Registration()
      made.push(newest)
      return Promise.resolve(newest)
    },
  })
  vi.stubGlobal('navigator', Object.assign(Object.create(navigator) as object, { serviceWorker }))
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

test('what could not be installed for want of one file is asked for again, until it is there', async () => {
  await installWorker()
  newest.installing.becomes('redundant')
  expect(made).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(made).toHaveLength(2)
  newest.installing.becomes('redundant')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(made).toHaveLength(3)
  newest.isThere()
  await vi.advanceTimersByTimeAsync(1_200_000)
  expect(made).toHaveLength(3)
})

test('a newer version that does not come leaves the old one at work, and is left to the browser', async () => {
  await installWorker()
  newest.isThere()
  newest.installing = new Worker()
  newest.dispatchEvent(new Event('updatefound'))
  newest.installing.becomes('redundant')
  await vi.advanceTimersByTimeAsync(1_200_000)
  expect(made).toHaveLength(1)
})
