// The words of the wall's API, and where each number opens on the desk.
import type { components } from '@/shared/api/schema'
import { dayAfter } from '@/shared/time/days'

export type Theme = components['schemas']['ThemeOut']
export type ThemeLine = components['schemas']['ThemeLineOut']
export type Layout = components['schemas']['WallLayout']
export type AnyPanel = Theme['definition']['panels'][number]
export type Board = components['schemas']['BoardOut']
export type PanelData = components['schemas']['WallPanelOut']
export type WallNumber = components['schemas']['WallNumberOut']
export type Hot = components['schemas']['HotOut']
export type ChartData = components['schemas']['WallChartOut']
export type CaseRow = components['schemas']['CaseRowOut']
export type FeedLine = components['schemas']['FeedLineOut']
export type Ground = components['schemas']['GroundOut']
export type OnMap = components['schemas']['OnMapOut']
export type Weather = components['schemas']['WeatherOut']
export type Line = components['schemas']['WallLineOut']

/** ms: the figures say every few seconds that they are of now, also where nothing happens. */
const OLD_AFTER = 90_000

const QUEUES = ['open', 'overdue', 'returned', 'supervised']
const CAME = ['reported', 'answered_in_5']

/** A board that came too long ago, or speaks of a moment too long ago, is old, whatever the feed says of itself. */
export function isPast(board: Pick<Board, 'as_of'> | undefined, cameAt: number, clock: number): boolean {
  if (!board) return false
  const of = board.as_of.at ? Date.parse(board.as_of.at) : cameAt
  return clock - Math.min(cameAt, of) > OLD_AFTER
}

/** The list of the desk that holds what a number counts; whistles have a board of their own. */
export function deskOf({ metric, since, until }: WallNumber): string {
  if (QUEUES.includes(metric)) return casesAt({ queue: metric })
  if (metric === 'arrived_in_10') return '/whistles'
  const last = until ? dayAfter(until, -1) : ''
  return CAME.includes(metric)
    ? casesAt({ from: since ?? '', to: last })
    : casesAt({ closedFrom: since ?? '', closedTo: last })
}

export function casesAt(filters: Record<string, string>): string {
  return `/cases?${new URLSearchParams(filters).toString()}`
}

/** 5.45 : 1 begins half-way between the two shapes. */
const ULTRA_FROM = 3.2

export function layoutFor(theme: Theme, width: number, height: number): Layout {
  return width / height >= ULTRA_FROM ? theme.definition.ultra : theme.definition.wide
}

/** Cells of panels that are not shown go to their neighbour in the row where that stays a rectangle, or lie empty. */
export function areasWithout(areas: string[][], gone: ReadonlySet<string>): string[][] {
  const filled = areas.map((row) => withNeighbours(row, gone))
  const names = new Set(filled.flat().filter((cell) => !gone.has(cell)))
  const stays = [...names].every((name) => isRectangle(filled, name))
  return (stays ? filled : areas).map((row) => row.map((cell) => (gone.has(cell) ? '.' : cell)))
}

function withNeighbours(row: string[], gone: ReadonlySet<string>): string[] {
  return row.reduce<string[]>((left, cell) => [...left, gone.has(cell) ? (left.at(-1) ?? cell) : cell], [])
}

function isRectangle(areas: string[][], name: string): boolean {
  const cells = areas.flatMap((row, y) => row.flatMap((cell, x) => (cell === name ? [[x, y] as const] : [])))
  const span = (values: number[]) => Math.max(...values) - Math.min(...values) + 1
  return cells.length === span(cells.map(([x]) => x)) * span(cells.map(([, y]) => y))
}

export function templateOf(layout: Layout, gone: ReadonlySet<string>): Record<string, string> {
  const weights = (list: number[]) => list.map((one) => `minmax(0, ${String(one)}fr)`).join(' ')
  return {
    gridTemplateColumns: weights(layout.columns),
    gridTemplateRows: weights(layout.rows),
    gridTemplateAreas: areasWithout(layout.areas, gone)
      .map((row) => `"${row.join(' ')}"`)
      .join(' '),
  }
}
