/** The part of vue-i18n's `t` that our pure functions need. */
export type Translate = (key: string, named?: Record<string, unknown>) => string
