// What a chart of the wall draws: one accent, red for what is late, grey for what it is compared with.
import type { EChartsCoreOption } from 'echarts/core'

import type { ChartData } from '../model'

/** In step with the dark theme of tokens.css. */
const COLOURS: Record<string, string> = {
  reported: '#6cb4ff',
  today: '#6cb4ff',
  in_time: '#6cb4ff',
  closed: '#b9c8d8',
  usual: '#b9c8d8',
  overdue: '#ff8d80',
}
const INK = '#b9c8d8'
const LINE = '#27405a'
const ALONG = new Set(['days', 'hours'])
const STACKED = new Set(['in_time', 'overdue'])
/** rem that a bar with its number takes (as high as a line of text, and the gap between rows), and that a name takes. */
const BAR = 1.25
const NAME = 1.3

type Series = ChartData['series']

/** px */
export interface Room {
  rem: number
  height: number
}

export function optionOf(
  of: string,
  allLabels: string[],
  allSeries: Series,
  { rem, height }: Room,
  nameOf: (name: string) => string,
): EChartsCoreOption {
  const rows = ALONG.has(of) ? allLabels.length : rowsIn(height, allSeries, rem)
  const labels = allLabels.slice(0, rows)
  const series = allSeries.map((one) => ({ ...one, values: one.values.slice(0, rows) }))
  const totals = labels.map((_, at) =>
    series.reduce((sum, { values: { [at]: value } }) => sum + (value ?? 0), 0),
  )
  const text = {
    color: INK,
    fontSize: rem,
    fontFamily: "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  }
  const isAlong = ALONG.has(of)
  const names = {
    type: 'category',
    data: labels,
    axisLabel: { ...text, ...(isAlong ? {} : { width: rem * 8, overflow: 'truncate' }) },
    axisLine: { lineStyle: { color: LINE } },
    axisTick: { show: false },
    inverse: !isAlong,
  }
  const values = {
    type: 'value',
    minInterval: 1,
    splitNumber: 3,
    axisLabel: { ...text, show: isAlong },
    splitLine: { show: isAlong, lineStyle: { color: LINE } },
  }
  return {
    animation: false,
    textStyle: text,
    legend: {
      top: 0,
      right: rem / 2,
      itemWidth: rem,
      itemHeight: rem * 0.5,
      textStyle: text,
      show: series.length > 1,
    },
    grid: {
      top: topOf(series, rem),
      left: rem / 2,
      right: rem * (isAlong ? 1 : 3),
      bottom: 0,
      containLabel: true,
    },
    xAxis: isAlong ? names : values,
    yAxis: isAlong ? values : names,
    series: series.map((one, index) =>
      drawn(of, one, index === series.length - 1 ? totals : undefined, rem, text, nameOf),
    ),
  }
}

function drawn(
  of: string,
  { name, values }: Series[number],
  /** Of stacked bars, at the last one of them. */
  totals: number[] | undefined,
  rem: number,
  text: object,
  nameOf: (name: string) => string,
): object {
  const colour = COLOURS[name] ?? '#6cb4ff'
  const common = { id: name, name: nameOf(name), data: values, itemStyle: { color: colour } }
  if (of === 'hours' && name === 'today') return { ...common, type: 'bar', barCategoryGap: '25%' }
  if (ALONG.has(of))
    return {
      ...common,
      type: 'line',
      showSymbol: false,
      lineStyle: { width: rem * 0.14, type: name === 'usual' || name === 'closed' ? 'dashed' : 'solid' },
    }
  const isStacked = STACKED.has(name)
  return {
    ...common,
    type: 'bar',
    ...(isStacked ? { stack: 'all' } : {}),
    barMaxWidth: rem * 0.9,
    label: {
      ...text,
      show: !isStacked || totals !== undefined,
      position: 'right',
      color: '#eef4fa',
      ...(isStacked
        ? { formatter: ({ dataIndex }: { dataIndex: number }) => String(totals?.[dataIndex] ?? '') }
        : {}),
    },
  }
}

/** As many as can be read; the most are first, and the table behind the chart has all. */
function rowsIn(height: number, series: Series, rem: number): number {
  const bars = series.every(({ name }) => STACKED.has(name)) ? 1 : series.length
  return Math.max(1, Math.floor((height - topOf(series, rem)) / (rem * Math.max(NAME, bars * BAR))))
}

function topOf(series: Series, rem: number): number {
  return series.length > 1 ? rem * 1.9 : rem * 0.4
}
