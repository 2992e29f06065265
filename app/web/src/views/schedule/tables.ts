// The bell tables as the page holds them, and dates without zones.
import { ask, type Trigger } from '../../lib/api'
import { session } from '../../lib/session.svelte'

export interface Spoken { en: string; fr: string }
export interface WrittenBell { time: string; trigger: string; label: string; late_seconds: number }
export interface DayType { name: string; colour: string; bells: WrittenBell[] }
export interface Hours { from: string; to: string | null }
export interface Entry { from: string; to: string; label: string; day: 'usual' | 'silent' | 'typed'; day_type?: string; silent_hours: Hours[] }
export type Week = { name: string; days: Record<string, string | null> }
export interface Weeks { templates: Week[]; turn: { rule: 'assigned' | 'every_week' | 'school_weeks'; anchor?: string }; assigned: Record<string, string> }
export interface Cycle { anchor: string; open: string[]; days: (string | null)[] }
export interface Tables { day_types: Record<string, DayType>; weeks?: Weeks; cycle?: Cycle; calendar: Entry[]; time_zone?: string; changes?: unknown }
export interface Kept { tag: string; tables: Tables }

export interface NamedDay { id: string; name: string; colour: string }
export interface Bell { id: string; at: string; date: string; time: string; planned: string; trigger: string; label: string; added: boolean }
export interface Silenced { time: string; planned: string; trigger: string; label: string; because: Spoken }
export interface Day { date: string; day_type: NamedDay | null; because: Spoken; week: { name: string; assigned: boolean } | null; count: number; bells: Bell[]; silenced: Silenced[] }
export interface Preview { now: string; civil: string; time_zone: string; next: Bell | null; warnings: Spoken[]; days: Day[] }
export interface Change { id: string; date: string; words: Spoken }
export interface Difference { words: Spoken[]; days: { date: string; was: NamedDay | null; is: NamedDay | null; gone: string[]; new: string[] }[] }
export type Triggers = Record<string, Trigger>

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
/** A Monday, to name the days of the week by. */
export const A_MONDAY = '2024-01-01'

/** The tables in force, without the changes of single days: a draft leaves those alone. */
export async function inForce(): Promise<Kept> {
  const answer = await ask('GET', '/api/schedule')
  const tables = (await answer.json()) as Tables
  delete tables.changes
  // What is wrong in conf.json is here too, as it was written: with every key it can be looked at.
  for (const day of Object.values(tables.day_types)) {
    day.bells = day.bells.map((bell) => ({ ...bell, time: bell.time ?? '', trigger: bell.trigger ?? '', label: bell.label ?? '', late_seconds: bell.late_seconds ?? 60 }))
  }
  tables.calendar = tables.calendar.map((entry) => {
    const day = entry.day ?? (entry.day_type ? 'typed' : 'usual')
    return { ...entry, from: entry.from ?? '', to: entry.to ?? entry.from ?? '', label: entry.label ?? '', day, silent_hours: entry.silent_hours ?? [] }
  })
  return { tag: answer.headers.get('etag') ?? '', tables }
}

export function plusDays(date: string, days: number): string {
  const moved = new Date(`${date}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}

/** What a day is called; nothing where it has no bells of its own. */
export const kindOf = (day: Day) => day.day_type?.name ?? ''

/** 0 for Monday. */
export function weekday(date: string): number {
  return (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7
}

/** The Monday of a date's week. */
export function mondayOf(date: string): string {
  return plusDays(date, -weekday(date))
}

/** What tables that name none have. */
const ZONE = 'Europe/Paris'

/** The school's date by the box's clock, wherever the device is. */
export function todayIn(zone?: string | null): string {
  // Swedish writes its dates as the box does.
  const dateIn = (timeZone: string) => new Intl.DateTimeFormat('sv-SE', { timeZone }).format(session.now())
  try {
    return dateIn(zone ?? ZONE)
  } catch {
    // A name that is wrong in conf.json can be mended here all the same.
    return dateIn(ZONE)
  }
}

export function idFor(name: string, taken: object): string {
  const plain = name.normalize('NFD').replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '').toLowerCase().slice(0, 50) || 'day'
  let id = plain
  for (let n = 2; id in taken; n++) id = `${plain}-${n}`
  return id
}

/** `1:02:03`, `2:03`. */
export function countdown(milliseconds: number): string {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
