import { expect, test } from 'vitest'

import { eventReader, type LiveEvent } from './sse'

function readAll(...pieces: string[]): LiveEvent[] {
  const events: LiveEvent[] = []
  const read = eventReader((event) => events.push(event))
  pieces.forEach(read)
  return events
}

test('an event that arrives in pieces is one event', () => {
  expect(readAll('id: 4', '1\nevent: case.ch', 'anged\ndata: {"id":', '"a"}\n', '\n')).toEqual([
    { id: '41', kind: 'case.changed', data: { id: 'a' } },
  ])
})

test('a line end cut between CR and LF is one line end', () => {
  expect(readAll('data: 1\r', '\ndata: 2\r\n\r', '\n')).toEqual([{ id: '', kind: 'message', data: '1\n2' }])
})

test('pings are not events, and the id stays for the events after', () => {
  expect(readAll(': ping\n\n', 'id: 7\ndata: 1\n\n', ': ping\n\ndata: 2\n\n').map(({ id }) => id)).toEqual([
    '7',
    '7',
  ])
})

test('an event cut off before its blank line is not given out', () => {
  expect(readAll('id: 9\ndata: {"half":')).toEqual([])
})
