/** Plain values for the canvas, in step with the dark theme of tokens.css. The fuller a grid, the brighter. */
export const DARK = {
  ground: '#0e1c2b',
  line: '#3a5878',
  border: '#9aadc0',
  name: '#eef4fa',
  halo: '#0b1622',
  cell: '#ffc25c',
  late: '#ff8d80',
} as const

export const STEPS = [
  { from: 0, label: '0', colour: '#122234' },
  { from: 1, label: '1–2', colour: '#1d4468' },
  { from: 3, label: '3–5', colour: '#2b679d' },
  { from: 6, label: '6–9', colour: '#4590d6' },
  { from: 10, label: '10+', colour: '#9bccff' },
] as const
