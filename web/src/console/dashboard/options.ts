// What the charts draw. Two hues that are told apart also by who sees no red or green; overdue is always red and last.
import type { EChartsCoreOption } from 'echarts/core'

import { count } from '@/shared/numbers/format'

const BLUE = '#0b5cad'
const ORANGE = '#c25500'
const RED = '#b8271a'
const GREY = '#7d8a99'
const INK = '#4a5868'
const LINE = '#d5dce4'
// Named, not inherited: the room for a label is measured with it.
const FONT = {
  color: INK,
  fontFamily: "'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif",
  fontSize: 12,
}

export interface Series {
  name: string
  values: number[]
  colour: 'blue' | 'orange' | 'red' | 'grey'
}

const COLOURS = { blue: BLUE, orange: ORANGE, red: RED, grey: GREY }

const common = {
  animation: false,
  textStyle: FONT,
  legend: { top: 0, right: 8, itemWidth: 14, itemHeight: 10, textStyle: FONT },
  tooltip: { trigger: 'axis', confine: true, valueFormatter: (value: unknown) => count(Number(value)) },
  aria: { enabled: true, decal: { show: false } },
}
const valueAxis = {
  type: 'value',
  minInterval: 1,
  axisLabel: { ...FONT, formatter: (value: number) => count(value) },
  splitLine: { lineStyle: { color: LINE } },
  nameTextStyle: FONT,
}

/** Days, weeks or hours along, cases up. */
export function lines(names: string[], series: Series[], unit: string): EChartsCoreOption {
  return {
    ...common,
    grid: { top: 36, left: 8, right: 12, bottom: 4, containLabel: true },
    xAxis: {
      type: 'category',
      data: names,
      axisLabel: FONT,
      axisLine: { lineStyle: { color: LINE } },
    },
    yAxis: { ...valueAxis, name: unit },
    series: series.map(({ name, values, colour }) => ({
      name,
      type: 'line',
      data: values,
      symbol: colour === 'blue' ? 'circle' : 'rect',
      symbolSize: names.length > 40 ? 0 : 5,
      lineStyle: { width: 2, type: colour === 'blue' ? 'solid' : 'dashed' },
      itemStyle: { color: COLOURS[colour] },
    })),
  }
}

/** Names down, cases along; the parts of one bar side by side on it, or bars beside one another. */
export function bars(
  names: string[],
  series: Series[],
  unit: string,
  { stacked = true } = {},
): EChartsCoreOption {
  return {
    ...common,
    tooltip: { ...common.tooltip, axisPointer: { type: 'shadow' } },
    grid: { top: 32, left: 8, right: 24, bottom: 20, containLabel: true },
    xAxis: { ...valueAxis, name: unit, nameLocation: 'middle', nameGap: 26 },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names,
      axisLabel: { ...FONT, width: 150, overflow: 'truncate' },
      axisTick: { show: false },
      axisLine: { lineStyle: { color: LINE } },
    },
    series: series.map(({ name, values, colour }) => ({
      name,
      type: 'bar',
      ...(stacked ? { stack: 'all' } : {}),
      barMaxWidth: 18,
      data: values,
      itemStyle: { color: COLOURS[colour] },
    })),
  }
}

/** px that so many bars need. */
export function barsHeight(names: number): number {
  return 64 + Math.max(3, names) * 26
}
