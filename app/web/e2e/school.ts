// Bell tables of a school, for a box to begin with.
const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, 'normal']))

/** Where it is about noon now: neither a bell of these tables nor midnight comes while a test runs. */
const AHEAD = 12 - new Date().getUTCHours()
export const NOON = zone(AHEAD)
/** Where it is another day than there: tomorrow, or yesterday. */
export const FAR = zone(AHEAD <= 2 ? 14 : -11)

function zone(ahead: number): string {
  // The names count the other way round.
  return ahead === 0 ? 'Etc/GMT' : `Etc/GMT${ahead > 0 ? '-' : '+'}${Math.abs(ahead)}`
}

/** Its weeks are all alike. */
export const SCHEDULE = {
  time_zone: NOON,
  day_types: {
    normal: { name: 'Normale', colour: '#2e7d32', bells: [
      { time: '00:00:01', trigger: 'OFFICE', label: 'Nuit' }, { time: '09:00', trigger: 'OFFICE', label: 'Cours' }, { time: '23:50', trigger: 'OFFICE', label: 'Soir' },
    ] },
    short: { name: 'Courte', colour: '#f9a825', bells: [{ time: '09:30', trigger: 'OFFICE' }] },
  },
  weeks: { templates: [{ name: 'A', days }], turn: { rule: 'assigned' } },
  calendar: [],
}
/** Its weeks A and B take turns. */
export const TURNS = { ...SCHEDULE, weeks: { templates: [{ name: 'A', days }, { name: 'B', days: { ...days, friday: 'short' } }], turn: { rule: 'every_week', anchor: '2026-08-31' } } }
