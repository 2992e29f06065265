// The draft of this browser: what it holds, what it was taken from, and what the box says is wrong with it.
import type { Problem } from '../../../lib/api'
import { idFor, inForce, type Kept, type Tables } from '../tables'

const KEY = 'beffroi.tables-draft'

export class Draft {
  tag = $state('')
  tables = $state<Tables>({ day_types: {}, calendar: [] })
  /** Whether there is anything to edit yet. */
  ready = $state(false)
  #published = $state('')
  #trouble = $state<{ field: string; message: string; of: string }>()
  readonly #text = $derived(JSON.stringify(this.tables))
  readonly changed = $derived(this.ready && this.#text !== this.#published)
  /** What is wrong, until something is written. */
  readonly trouble = $derived(this.#trouble?.of === this.#text ? this.#trouble : undefined)

  /** Takes up the draft that was left, or the tables in force. */
  async read(anew: boolean) {
    const now = await inForce()
    if (anew) localStorage.removeItem(KEY)
    const kept = stored() ?? now
    this.#published = JSON.stringify(now.tables)
    this.tag = kept.tag
    this.tables = kept.tables
    this.ready = true
  }

  /** Keeps it for whoever comes back to the page. */
  keep() {
    if (this.changed) localStorage.setItem(KEY, JSON.stringify(this.kept()))
    else if (this.ready) localStorage.removeItem(KEY)
  }

  kept(): Kept {
    return { tag: this.tag, tables: $state.snapshot(this.tables) as Tables }
  }

  refused({ field, message }: Problem) {
    this.#trouble = { field: field ?? '', message, of: this.#text }
  }

  /** What is wrong at a place, by the box's name for it. */
  wrong(...path: (string | number)[]): string | undefined {
    return this.trouble?.field === place(path) ? this.trouble.message : undefined
  }

  addType(name: string, like?: string) {
    const id = idFor(name, this.tables.day_types)
    const old = like === undefined ? undefined : this.tables.day_types[like]
    this.tables.day_types[id] = { colour: '#2e7d32', bells: [], ...($state.snapshot(old) ?? {}), name }
  }

  typeName(id: string | undefined): string {
    return (id && this.tables.day_types[id]?.name) || id || ''
  }

  /** In the order of the day, where each bell has a time. */
  sortBells() {
    for (const { bells } of Object.values(this.tables.day_types)) {
      const sorted = [...bells].sort((one, other) => (one.time < other.time ? -1 : one.time > other.time ? 1 : 0))
      const right = bells.every(({ time }) => /^\d\d:\d\d/.test(time))
      if (right && sorted.some((bell, at) => bell !== bells[at])) bells.splice(0, bells.length, ...sorted)
    }
  }
}

/** As the box writes it: `day_types.normal.bells[0].time`. */
export function place(path: (string | number)[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${/^[\p{L}\p{N}_-]{1,64}$/u.test(part) ? part : JSON.stringify(part)}`))
  return parts.join('').replace(/^\./, '')
}

function stored(): Kept | undefined {
  try {
    const kept = JSON.parse(localStorage.getItem(KEY) ?? 'null') as Kept | null
    return kept?.tables.day_types && kept.tables.calendar ? kept : undefined
  } catch {
    return undefined
  }
}
