import { expect, test } from 'vitest'

import { optionOf } from './chart-option'

const ROOM = { rem: 20, height: 200 }
const names = Array.from({ length: 12 }, (_, at) => `类别${String(at)}`)
const values = names.map((_, at) => 12 - at)

interface Drawn {
  yAxis: { data: string[] }
  series: { data: number[]; label: { show: boolean; formatter?: (one: { dataIndex: number }) => string } }[]
}
const drawn = (of: string, series: string[], height = ROOM.height) =>
  optionOf(
    of,
    names,
    series.map((name) => ({ name, values })) as never,
    { ...ROOM, height },
    String,
  ) as unknown as Drawn

test('as many rows are drawn as can be read, the first ones', () => {
  const { yAxis, series } = drawn('categories', ['reported', 'closed'])
  expect(yAxis.data).toEqual(names.slice(0, 3))
  expect(series[0]?.data).toEqual(values.slice(0, 3))
  expect(drawn('categories', ['reported', 'closed'], 1000).yAxis.data).toEqual(names)
})

test('at the end of a stacked bar stands what the whole bar is', () => {
  const [inTime, overdue] = drawn('places', ['in_time', 'overdue']).series
  expect(inTime?.label.show).toBe(false)
  expect(overdue?.label.formatter?.({ dataIndex: 0 })).toBe('24')
})
