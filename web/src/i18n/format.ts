// How times, counts and sizes are written in each language. French: 24 h, "9h00" in sentences, thin spaces in numbers.
export type Language = 'fr' | 'en'

export interface Formats {
  /** 09:41 · 9:41 AM, beside a row or a message. */
  clock(at: Date): string
  /** 9h00 · 9:00 AM, inside a sentence. */
  hour(at: Date): string
  /** The shortest words that still say when: 09:41, hier, lun., 12 nov., 12/11/2024. */
  short(at: Date, now?: Date): string
  /** mardi 18 novembre (with its year when it is not this one), for the separator between days. */
  day(at: Date, now?: Date): string
  /** Everything, for a tooltip. */
  full(at: Date): string
  /** dem. 9h00 · lun. 9h00 · 12 nov. 9h00: until when a conversation sleeps. */
  until(at: Date, now?: Date): string
  number(value: number): string
  /** Counted up to 1,000 by the server: "1 000+". */
  count(value: number): string
  size(bytes: number): string
  isSameDay(a: Date, b: Date): boolean
}

const LOCALE = { fr: 'fr-FR', en: 'en-GB' } as const
const TOMORROW = { fr: 'dem.', en: 'tomorrow' } as const
const YESTERDAY = { fr: 'hier', en: 'yesterday' } as const
const UNITS = { fr: ['o', 'Ko', 'Mo', 'Go'], en: ['B', 'KB', 'MB', 'GB'] } as const
const DAY = 86_400_000
const QUARTER = 900_000
const COUNTED_UP_TO = 1000

export function formats(language: Language, timezone: string): Formats {
  const locale = LOCALE[language]
  const make = (options: Intl.DateTimeFormatOptions, where: string = locale) => new Intl.DateTimeFormat(where, { timeZone: timezone, ...options })
  const dayKey = make({ year: 'numeric', month: '2-digit', day: '2-digit' }, 'en-CA')
  const hours = language === 'fr' ? make({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }) : make({ hour: 'numeric', minute: '2-digit', hour12: true }, 'en-US')
  const weekday = make({ weekday: 'short' })
  const dayMonth = make({ day: 'numeric', month: 'short' })
  const numeric = make({ day: '2-digit', month: '2-digit', year: 'numeric' })
  const longDay = make({ weekday: 'long', day: 'numeric', month: 'long' })
  const longDayYear = make({ weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' })
  const numbers = new Intl.NumberFormat(locale)

  // A list says the day of the same few moments over and over; within a quarter of an hour no time zone changes its day.
  const days = new Map<number, string>()
  const dayOf = (at: Date): string => {
    const quarter = Math.floor(at.getTime() / QUARTER)
    const known = days.get(quarter)
    if (known !== undefined) return known
    if (days.size >= 1000) days.clear()
    const day = dayKey.format(at)
    days.set(quarter, day)
    return day
  }

  /** Whole calendar days from `b` to `a`, in this time zone. */
  const daysBetween = (a: Date, b: Date) => Math.round((Date.parse(dayOf(a)) - Date.parse(dayOf(b))) / DAY)
  const yearOf = (at: Date) => dayOf(at).slice(0, 4)
  const clock = (at: Date) => hours.format(at)
  const hour = (at: Date) => (language === 'fr' ? clock(at).replace(/^0/, '').replace(':', 'h') : clock(at))

  return {
    clock,
    hour,
    short(at, now = new Date()) {
      const ago = daysBetween(now, at)
      if (ago === 0) return clock(at)
      if (ago === 1) return YESTERDAY[language]
      if (ago > 1 && ago < 7) return weekday.format(at)
      return yearOf(at) === yearOf(now) ? dayMonth.format(at) : numeric.format(at)
    },
    day: (at, now = new Date()) => (yearOf(at) === yearOf(now) ? longDay : longDayYear).format(at),
    full: (at) => `${longDayYear.format(at)}, ${clock(at)}`,
    until(at, now = new Date()) {
      const ahead = daysBetween(at, now)
      if (ahead <= 0) return hour(at)
      const when = ahead === 1 ? TOMORROW[language] : ahead < 7 ? weekday.format(at) : dayMonth.format(at)
      return `${when} ${hour(at)}`
    },
    number: (value) => numbers.format(value),
    count: (value) => (value >= COUNTED_UP_TO ? `${numbers.format(COUNTED_UP_TO)}+` : numbers.format(value)),
    size(bytes) {
      const power = bytes < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(bytes) / 3))
      const value = bytes / 1000 ** power
      return `${new Intl.NumberFormat(locale, { maximumFractionDigits: value < 10 && power ? 1 : 0 }).format(value)}\u00a0${UNITS[language][power]}`
    },
    isSameDay: (a, b) => dayOf(a) === dayOf(b),
  }
}
