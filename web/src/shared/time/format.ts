// Times as people in the centre read them: Beijing time, 24 hours, whatever zone the machine is set to.
import type { Translate } from '../i18n/translate'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const parts = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Asia/Shanghai',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
})

export type Instant = string | number | Date

/** `2025-11-20 09:50:17` in Beijing. */
export function exactTime(at: Instant): string {
  const part = read(at)
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute}:${part.second}`
}

/** `2025-11-20` in Beijing. */
export function beijingDay(at: Instant): string {
  return exactTime(at).slice(0, 10)
}

/** `09:50` in Beijing. */
export function clockTime(at: Instant): string {
  return exactTime(at).slice(11, 16)
}

/** 0 to 23, in Beijing. */
export function beijingHour(at: Instant): number {
  return Number(read(at).hour)
}

/** `11-20 09:50`, with the year when it is not this one. */
export function shortTime(at: Instant, now: number): string {
  const text = exactTime(at).slice(0, 16)
  return text.startsWith(exactTime(now).slice(0, 4)) ? text.slice(5) : text
}

/** `3 分钟前`, `2 小时后`; from one day on the date. */
export function relativeTime(at: Instant, now: number, t: Translate): string {
  const past = now - new Date(at).getTime()
  const distance = Math.abs(past)
  if (distance < MINUTE) return t('time.now')
  if (distance < HOUR)
    return t(past > 0 ? 'time.minutesAgo' : 'time.minutesAhead', { n: Math.floor(distance / MINUTE) })
  if (distance < DAY)
    return t(past > 0 ? 'time.hoursAgo' : 'time.hoursAhead', { n: Math.floor(distance / HOUR) })
  return shortTime(at, now)
}

/** When something ends. Midnight is told as 24:00 of the day that ends with it, as people say it and as the explained
 * limits do: `2025-11-20 24:00`. */
export function exactDue(at: Instant): string {
  const text = exactTime(at)
  return text.endsWith(' 00:00:00') ? `${beijingDay(new Date(at).getTime() - 1)} 24:00` : text
}

/** `11-20 24:00`, with the year when it is not this one. */
export function shortDue(at: Instant, now: number): string {
  const text = exactDue(at).slice(0, 16)
  return text.startsWith(exactTime(now).slice(0, 4)) ? text.slice(5) : text
}

/** As `relativeTime`, of an end. */
export function relativeDue(at: Instant, now: number, t: Translate): string {
  return Math.abs(now - new Date(at).getTime()) < DAY ? relativeTime(at, now, t) : shortDue(at, now)
}

/** A length of time: `2 天 3 小时`, `3 小时 05 分`, `04:59`. */
export function duration(ms: number, t: Translate): string {
  const seconds = Math.floor(Math.abs(ms) / 1000)
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  if (d > 0) return t('countdown.days', { d, h })
  if (h > 0) return t('countdown.hours', { h, m: two(m) })
  return `${two(m)}:${two(s)}`
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

function read(at: Instant): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(at)).map(({ type, value }) => [type, value]))
}
