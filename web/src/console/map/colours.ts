// How points of cases are told apart, besides by their limit. Okabe and Ito's colours: told apart by everybody.
export type Colouring = 'limit' | 'state' | 'age'

export const STATES: readonly { label: string; colour: string; states: readonly string[] }[] = [
  { label: 'map.cases.waiting', colour: '#d55e00', states: ['reported', 'accepted'] },
  { label: 'map.cases.signing', colour: '#cc79a7', states: ['dispatched'] },
  { label: 'map.cases.handling', colour: '#0072b2', states: ['handling'] },
  { label: 'map.cases.reviewing', colour: '#009e73', states: ['handled', 'reviewed'] },
  { label: 'map.cases.suspended', colour: '#5f6c7b', states: ['suspended'] },
]

/** Days since it was reported. */
export const AGES: readonly { label: string; colour: string; below: number }[] = [
  { label: 'map.cases.day', colour: '#56b4e9', below: 1 },
  { label: 'map.cases.threeDays', colour: '#0072b2', below: 3 },
  { label: 'map.cases.week', colour: '#b26a00', below: 7 },
  { label: 'map.cases.older', colour: '#b8271a', below: Infinity },
]
