// Which picture of before stands beside which of after. Pure.
import type { EvidencePiece } from '../../model'

export interface Pair {
  before: EvidencePiece | undefined
  after: EvidencePiece | undefined
}

/** Near beside near and far beside far, what is left in order of time; a lonely one stands beside the last other. */
export function pairsOf(before: readonly EvidencePiece[], after: readonly EvidencePiece[]): Pair[] {
  const left = [...before]
  const found = after.map((piece): Pair => ({ before: take(left, piece), after: piece }))
  for (const pair of found) pair.before ??= left.shift() ?? before.at(-1)
  return [...found, ...left.map((piece): Pair => ({ before: piece, after: after.at(-1) }))]
}

/** Side of the handling: whatever does not show the state after it was taken before. */
export function isAfter({ phase }: EvidencePiece): boolean {
  return phase === 'after'
}

export function faultsOf(piece: EvidencePiece): EvidencePiece['warnings'] {
  return (piece.warnings ?? []).filter(({ is_hint }) => !is_hint)
}

function take(from: EvidencePiece[], like: EvidencePiece): EvidencePiece | undefined {
  const at = from.findIndex(({ photo_type }) => isView(photo_type) && photo_type === like.photo_type)
  return at < 0 ? undefined : from.splice(at, 1)[0]
}

function isView(photoType: string): boolean {
  return ['near', 'far', 'reference'].includes(photoType)
}
