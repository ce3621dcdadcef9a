import { expect, test } from 'vitest'

import type { CaseRow } from '../cases/model'
import { othersInView, placedRows } from './points'
import type { PointInView } from './useCasesInView'

const NOW = Date.parse('2026-01-05T10:00:00+08:00')
const at = (hours: number) => new Date(NOW + hours * 3_600_000).toISOString()

const point = (id: string, rest: Partial<PointInView> = {}): PointInView => ({
  id,
  lon: 118.8,
  lat: 32,
  state: 'handling',
  urgency: 'normal',
  is_overdue: false,
  reported_at: at(-5),
  ...rest,
})
const row = (id: string, lon: number | null) =>
  ({ id, lon, lat: 32, reported_at: at(-5), due_at: at(5), amber_at: at(1) }) as CaseRow

test('a case of the list is not drawn a second time among the others of the view', () => {
  expect(othersInView([point('a'), point('b')], [row('a', 118.8)], NOW).map(({ id }) => id)).toEqual(['b'])
})

test('rows without a place are not on the map', () => {
  expect(placedRows([row('a', null), row('b', 118.8)], NOW).map(({ id }) => id)).toEqual(['b'])
})

test('the colour of a point is that of its limit now', () => {
  const limits = othersInView(
    [
      point('none'),
      point('green', { due_at: at(5), amber_at: at(1) }),
      point('amber', { due_at: at(5), amber_at: at(-1) }),
      point('late', { due_at: at(-1), amber_at: at(-2) }),
      point('said', { is_overdue: true, due_at: at(5), amber_at: at(1) }),
    ],
    [],
    NOW,
  ).map(({ limit }) => limit)
  expect(limits).toEqual(['none', 'green', 'amber', 'red', 'red'])
})
