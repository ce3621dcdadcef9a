import { screen } from '@testing-library/vue'
import { expect, test } from 'vitest'

import { flushPromises, show } from '@/shared/testing/render'

import messages from '../../messages.zh'
import { offered, type CareWorker, type Team } from './team'
import TeamFields from './TeamFields.vue'

const WANG: CareWorker = {
  post_id: 7,
  name: '王小格',
  unit: '柳岸社区',
  role_zh: '网格员',
  role_en: 'grid worker',
  serves: true,
}
const TEAM: Team = {
  level: 2,
  worker_post: 4711,
  helpers: [{ role: 'police', name: '李警官', post_id: 4712 }],
}

async function shows(team: Team, workers: readonly CareWorker[] | undefined): Promise<void> {
  await show(TeamFields, { messages, props: { modelValue: team, workers, fields: {} } })
  await flushPromises()
}

test('a post that is no longer offered is told in words', async () => {
  await shows(TEAM, [WANG])
  expect(screen.getAllByText('岗位已停').length).toBeGreaterThanOrEqual(2)
  expect(document.body.textContent).not.toMatch(/471[12]/)
})

test('until it is known who is offered, no post is said to have ended', async () => {
  await shows(TEAM, undefined)
  expect(screen.queryByText('岗位已停')).toBeNull()
  expect(document.body.textContent).not.toMatch(/471[12]/)
})

test('one that is offered is told by name', async () => {
  await shows({ ...TEAM, worker_post: 7, helpers: [] }, [WANG])
  expect(screen.getAllByText('王小格 · 网格员 · 柳岸社区').length).toBeGreaterThan(0)
  expect(screen.queryByText('岗位已停')).toBeNull()
})

test('of another person nobody stays chosen who is not offered for them', () => {
  expect(offered({ ...TEAM, worker_post: 7 }, [WANG])).toEqual({
    ...TEAM,
    worker_post: 7,
    helpers: [{ role: 'police', name: '李警官', post_id: null }],
  })
})
