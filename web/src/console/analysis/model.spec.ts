import { expect, it } from 'vitest'

import { readFilters } from '@/shared/lists/filters'

import { below, FILTERS, offered, type Asked, type Row } from './model'

const asked = (values: Partial<Asked>): Asked => ({ ...(readFilters(FILTERS, {}) as Asked), ...values })

it('offers no units while narrowed to a place, which no roll-up keeps with them', () => {
  expect(offered(asked({}))).toContain('unit')
  expect(offered(asked({ code: '320104001' }))).not.toContain('unit')
  expect(offered(asked({ code: '320104001', source: 'grid' }))).toEqual([
    'day',
    'week',
    'month',
    'place',
    'source',
  ])
})

it('leaves the place when it steps down into a unit', () => {
  const row = { below: true, key: 'D-CG/', narrow: { lead: 'D-CG/' } } as unknown as Row
  expect(below(row, 'unit')).toEqual({ unit: 'D-CG/', code: '' })
})
