// Times, lengths and causes in words.
import { format, t } from './i18n'
import { Problem, type Cause } from './api'

/** `12.3 s`, `1 min 05 s`. */
export function length(seconds: number): string {
  const { number } = format.get()
  if (seconds < 60) {
    return `${number(seconds, { maximumFractionDigits: 1 })} s`
  }
  const minutes = Math.floor(seconds / 60)
  return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`
}

/** `3 h 20 min`, `12 d 4 h`. */
export function uptime(seconds: number): string {
  const minutes = Math.floor(seconds / 60)
  const hours = Math.floor(minutes / 60)
  const days = Math.floor(hours / 24)
  if (days > 0) return `${days} ${t.get().dayLetter} ${hours % 24} h`
  if (hours > 0) return `${hours} h ${minutes % 60} min`
  return `${minutes} min`
}

export function bytes(count: number): string {
  const { number } = format.get()
  const unit = t.get().byteLetter
  if (count < 1024 * 1024) return `${number(count / 1024, { maximumFractionDigits: 0 })} K${unit}`
  return `${number(count / 1024 / 1024, { maximumFractionDigits: 1 })} M${unit}`
}

export function moment(time: string): string {
  return format.get().time(new Date(time), { dateStyle: 'medium', timeStyle: 'medium' })
}

export function day(time: string): string {
  return format.get().time(new Date(time), { dateStyle: 'long' })
}

export function cause(cause: Cause): string {
  const words = t.get()
  switch (cause.kind) {
    case 'line':
      return words.byLine({ line: String(cause.line) })
    case 'serial':
      return words.bySerial({ line: String(cause.line) })
    case 'api':
      return words.byUser({ user: cause.user })
    case 'cli':
      return words.byCommand
    case 'schedule':
      return cause.label ? words.byTables({ label: cause.label }) : words.byTheTables
  }
}

/** A refusal, for a person. */
export function refusal(error: unknown): string {
  if (!(error instanceof Problem)) return String(error)
  if (error.status === 0) return t.get().unreachable
  if (error.status === 401) return t.get().signedOut
  return error.message
}
