// Drafts from elsewhere: entries from events of a file, tables from what a PRONOTE proposes.
import type { components } from '../../lib/api-types'
import { type DayType, type Entry, idFor, type Tables, type Weeks, type WrittenBell } from './tables'

type Schemas = components['schemas']
export type ImportedEvent = Schemas['ImportedEvent']
export type ImportedEvents = Schemas['ImportedEvents']
export type ProposalSource = Schemas['ProposalSource']

/** Whether the editor of the tables keeps a draft in this browser: it was begun before what is drafted here. */
export const editorHasDraft = () => localStorage.getItem('beffroi.tables-draft') !== null

/** What an event does: nothing, silence, hours of silence, or the id of a day type after `type:`. */
export interface Choice { does: string; from: string; to: string }

/** Nothing until somebody says otherwise; the hours are those of the event where they are of one day. */
export function undecided({ first, last, hours }: ImportedEvent): Choice {
  const to = hours?.to === '00:00' ? '' : (hours?.to ?? '')
  const whole = hours !== null && hours !== undefined && first === last && (to === '' || hours.from < to)
  return whole ? { does: '', from: hours.from, to } : { does: '', from: '', to: '' }
}

/** The entry that an event becomes; none where it changes nothing. */
export function entryOf({ first, last, label }: ImportedEvent, { does, from, to }: Choice): Entry[] {
  const span = { from: first, to: last, label, silent_hours: [] }
  if (does === '') return []
  if (does === 'silent') return [{ ...span, day: 'silent' }]
  if (does === 'hours') return [{ ...span, day: 'usual', silent_hours: [{ from, to: to || null }] }]
  return [{ ...span, day: 'typed', day_type: does.slice('type:'.length) }]
}

type ProposedType = Omit<DayType, 'bells'> & { bells: Omit<WrittenBell, 'late_seconds'>[] }
type ProposedEntry = Omit<Entry, 'silent_hours'>
export interface Proposed extends Omit<Schemas['ProposedTables'], 'schedule'> {
  schedule: { day_types?: Record<string, ProposedType>; weeks?: Partial<Weeks> & Pick<Weeks, 'templates'>; calendar?: ProposedEntry[] }
}

/** Which of the school's kinds of days each proposed one is; empty: a new one. */
export type Places = Record<string, string>

/** The kind of day with the same id, or else with the same name. */
export function places({ schedule: { day_types = {} } }: Proposed, tables: Tables): Places {
  const named = (name: string) => Object.entries(tables.day_types).find(([, type]) => type.name.toLowerCase() === name.toLowerCase())?.[0]
  return Object.fromEntries(Object.entries(day_types).map(([id, { name }]) => [id, id in tables.day_types ? id : (named(name) ?? '')]))
}

export interface Parts { types: boolean; weeks: boolean; closed: boolean }

/** Whether the weeks know all of their kinds of days: those that come with them, or the school's own. */
export const weeksStand = (places: Places, types: boolean) => types || Object.values(places).every((place) => place !== '')

/** The tables with the parts of a proposal that were taken. `alike` names a new kind of day whose name is taken. */
export function drafted(tables: Tables, { schedule }: Proposed, take: Parts, places: Places, alike: (name: string) => string): Tables {
  const draft: Tables = { ...tables, day_types: { ...tables.day_types }, calendar: [...tables.calendar] }
  const names = Object.values(tables.day_types).map(({ name }) => name)
  const ids: Places = {}
  for (const [id, { bells, ...type }] of Object.entries(schedule.day_types ?? {})) {
    const place = places[id] || idFor(id, draft.day_types)
    ids[id] = place
    if (!take.types) continue
    const old = places[id] ? tables.day_types[place] : undefined
    // How late a bell may ring is nothing that PRONOTE knows: it stays with its time.
    const late = (time: string) => old?.bells.find((bell) => bell.time === time)?.late_seconds ?? 60
    const name = names.includes(type.name) ? alike(type.name) : type.name
    draft.day_types[place] = { ...(old ?? { ...type, name }), bells: bells.map((bell) => ({ ...bell, late_seconds: late(bell.time) })) }
  }
  if (take.weeks && schedule.weeks) {
    const { templates, turn = { rule: 'assigned' }, assigned = {} } = schedule.weeks
    const days = (week: Record<string, string | null>) => Object.fromEntries(Object.entries(week).map(([day, id]) => [day, id && (ids[id] ?? id)]))
    draft.weeks = { templates: templates.map((week) => ({ ...week, days: days(week.days) })), turn, assigned }
    delete draft.cycle
  }
  if (take.closed) draft.calendar.push(...(schedule.calendar ?? []).filter((one) => !isClosed(tables, one)).map((one) => ({ ...one, silent_hours: [] })))
  return draft
}

/** Whether an entry has the days without bells already. */
function isClosed(tables: Tables, { from, to }: ProposedEntry): boolean {
  return tables.calendar.some((entry) => entry.day === 'silent' && entry.from <= from && entry.to >= to)
}
