import { expect, test } from 'vitest'

import { features, rail } from './features'
import { router } from './router'

const NOT_OURS = ['api', 'assets', 'live', 'public', 'wall', 'sign-in']

test('every rail entry leads to a page of its own with a name', () => {
  for (const { to } of rail) {
    const page = router.resolve(to)
    expect(page.matched.at(-1)?.path, to).not.toContain(':rest')
    expect(page.meta.title, to).toMatch(/\w+\.\w+/)
  }
})

test('no feature takes an address that belongs to the server or the other applications', () => {
  const first = features.flatMap(({ routes }) => routes.map(({ path }) => path.split('/')[0]))
  expect(first.filter((part) => part !== undefined && NOT_OURS.includes(part))).toEqual([])
})

test('no two features claim one address', () => {
  const paths = features.flatMap(({ routes }) => routes.map(({ path }) => path))
  expect(paths).toEqual([...new Set(paths)])
})
