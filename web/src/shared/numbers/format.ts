// Numbers as they are printed: thousands separated, units written, a share always with what it is a share of.

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const NONE = '—'

/** `1,840,000`; `—` for what is not known. */
export function count(value: number | null | undefined): string {
  return value == null ? NONE : whole.format(value)
}

/** `12.50` with `digits` decimals. */
export function decimal(value: number | null | undefined, digits = 2): string {
  if (value == null) return NONE
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
}

/** `¥1,234.50` from fen, the smallest unit, in which money is stored. */
export function money(fen: number | null | undefined): string {
  return fen == null ? NONE : `¥${decimal(fen / 100)}`
}

/** `99.60%` of a share that is reckoned already, 99.6; `—` for what is not known. */
export function percent(value: number | null | undefined, digits = 1): string {
  return value == null ? NONE : `${decimal(value, digits)}%`
}

/** `99.6%`; `—` when there is nothing to take a share of. Never rounds up to 100 % what is not all. */
export function share(part: number, total: number, digits = 1): string {
  if (total === 0) return NONE
  const scale = 10 ** digits
  const rounded = Math.round((part / total) * 100 * scale) / scale
  const shown = part < total ? Math.min(rounded, 100 - 1 / scale) : rounded
  return percent(shown, digits)
}
