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

type Series = ChartData['series']

export function optionOf(
  of: string,
  labels: string[],
  series: Series,
  rem: number,
  nameOf: (name: string) => string,
): EChartsCoreOption {
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
      top: series.length > 1 ? rem * 1.9 : rem * 0.4,
      left: rem / 2,
      right: rem * (isAlong ? 1 : 3),
      bottom: 0,
      containLabel: true,
    },
    xAxis: isAlong ? names : values,
    yAxis: isAlong ? values : names,
    series: series.map((one, index) => drawn(of, one, index === series.length - 1, rem, text, nameOf)),
  }
}

function drawn(
  of: string,
  { name, values }: Series[number],
  isLast: boolean,
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
  const isStacked = name === 'in_time' || name === 'overdue'
  return {
    ...common,
    type: 'bar',
    ...(isStacked ? { stack: 'all' } : {}),
    barMaxWidth: rem * 0.9,
    label: { ...text, show: !isStacked || isLast, position: 'right', color: '#eef4fa' },
  }
}
