import { expect, test } from 'vitest'

import type { LonLat } from '@/shared/map'

import type { Shape } from '../shape'
import { added, allowed, cornersOf, keyOf, middlesOf, moved, noded, removed, ringsOf, type Net } from './net'

const box = (west: number, south: number, east: number, north: number): Shape => ({
  type: 'Polygon',
  coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]], // prettier-ignore
})
/** a | b above each other on the right: 0..2 wide, c under both with a T on its upper border. */
const net = noded({
  border: box(0, 0, 2, 2),
  grids: { a: box(0, 1, 1, 2), b: box(1, 1, 2, 2), c: box(0, 0, 2, 1) },
})
const corners = (shape: Shape | undefined) => (shape ? ringsOf(shape).flat().map(keyOf) : [])

test('a corner of a neighbour on a straight border becomes a corner of both', () => {
  expect(corners(net.grids['c'])).toContain(keyOf([1, 1]))
  expect(corners(net.border)).toContain(keyOf([0, 1]))
})

test('inner corners move freely, those on the outer border slide, corners of the community stay', () => {
  const found = new Map(cornersOf(net).map((corner) => [keyOf(corner.at), corner]))
  expect(found.get(keyOf([1, 1]))?.free).toBe(true)
  expect(found.get(keyOf([0, 1]))?.free).toBe(false)
  expect(found.has(keyOf([0, 0]))).toBe(false)
})

test('every neighbour follows a corner that moves, and nobody else changes', () => {
  const after = moved(net, [1, 1], [1.2, 1.1])
  expect(Object.keys(after).sort()).toEqual(['a', 'b', 'c'])
  for (const shape of Object.values(after)) expect(corners(shape)).toContain(keyOf([1.2, 1.1]))
  expect(Object.keys(moved(net, [1, 2], [1.1, 2])).sort()).toEqual(['a', 'b'])
})

test('a ring that begins at the corner stays closed', () => {
  const [ring = []] = ringsOf(moved(net, [1, 1], [1.1, 1.1])['b'] ?? box(0, 0, 0, 0))
  expect(keyOf(ring[0] ?? [])).toBe(keyOf(ring[ring.length - 1] ?? []))
})

test('a corner added between two grids is added to both, in its place', () => {
  const edge = middlesOf(net).find(({ at }) => keyOf(at) === keyOf([1, 1.5]))
  if (!edge) throw new Error('no border between a and b')
  const after = added(net, edge, [1.1, 1.5])
  expect(Object.keys(after).sort()).toEqual(['a', 'b'])
  const again: Net = { ...net, grids: { ...net.grids, ...after } }
  expect(removed(again, [1.1, 1.5])['a']).toEqual(net.grids['a'])
})

test('outer borders have no middle to draw a corner from', () => {
  expect(middlesOf(net).map(({ at }) => keyOf(at))).not.toContain(keyOf([0, 1.5]))
})

test('a corner is not taken from a grid of three', () => {
  const triangle: Shape = { type: 'Polygon', coordinates: [[[0, 0], [1, 0], [1, 1], [0, 0]]] } // prettier-ignore
  expect(removed({ border: triangle, grids: { a: triangle } }, [1, 1])).toEqual({})
})

test('a corner on the border of the community never leaves it', () => {
  const corner = cornersOf(net).find(({ at }) => keyOf(at) === keyOf([1, 2]))
  if (!corner) throw new Error('no corner')
  const [x, y] = allowed(corner, [1.5, 7] as LonLat)
  expect([x, y]).toEqual([1.5, 2])
  expect(allowed(corner, [9, 2])[0]).toBeLessThan(2)
})
