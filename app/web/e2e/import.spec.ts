// Tables drafted from a calendar file and from a school's PRONOTE: chosen, read in words, published, undone.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect, type Page, PROGRAM, test as base } from './box'
import { button, enter_schedule, field, is_wrong, without_barriers } from './hands'
import type { Words } from './words'

const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, 'journee']))
const SCHEDULE = {
  time_zone: 'Europe/Paris',
  day_types: { journee: { name: 'Journée', colour: '#2e7d32', bells: [{ time: '08:00', trigger: 'OFFICE', label: 'Ouverture', late_seconds: 300 }] } },
  weeks: { templates: [{ name: 'A', days }], turn: { rule: 'assigned' } },
  calendar: [],
}
const GATEWAY = { enabled: true, allowed_hosts: ['127.0.0.1'], allow_private_hosts: true }

const test = base.extend<{ pronote: string }>({
  /** The address of a simulated PRONOTE. */
  pronote: async ({}, use) => {
    const simulator = spawn(join(dirname(PROGRAM), 'pronote-simulator'), ['--address', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    const ended = new Promise((ended) => simulator.once('exit', ended))
    try {
      const address = await Promise.race([new Promise<string>((said) => createInterface(simulator.stdout).once('line', said)), ended.then(() => '')])
      expect(address).toMatch(/^http/)
      await use(address)
    } finally {
      simulator.kill()
      await ended
    }
  },
})

test.use({ conf: { schedule: SCHEDULE, gateway: GATEWAY } })

/** So many days from now, `20270111`. */
const inDays = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
const ICS = Buffer.from(['BEGIN:VCALENDAR',
  'BEGIN:VEVENT', 'SUMMARY:Portes ouvertes', `DTSTART;VALUE=DATE:${inDays(4)}`, 'END:VEVENT',
  'BEGIN:VEVENT', 'SUMMARY:Brevet blanc', `DTSTART;TZID=Europe/Paris:${inDays(6)}T080000`, 'DURATION:PT2H', 'END:VEVENT',
  'BEGIN:VEVENT', 'SUMMARY:Réunion', `DTSTART;TZID=Europe/Paris:${inDays(8)}T180000`, 'END:VEVENT',
  'BEGIN:VEVENT', 'SUMMARY:Conseil', `DTSTART;VALUE=DATE:${inDays(7)}`, 'RRULE:FREQ=WEEKLY', 'END:VEVENT',
  'END:VCALENDAR', ''].join('\r\n'))

async function undo(page: Page, { s }: Words) {
  const dialog = page.getByRole('dialog')
  await button(page, s.history).click()
  await button(page, s.restoreOf(1)).click()
  await button(dialog, s.restore).click()
  await expect(dialog).toHaveCount(0)
}

test('events of a file become entries of the calendar, and go again', async ({ box, page, words }) => {
  const { s, imports, said, both } = words
  await enter_schedule(page, box.url, s.import)
  await without_barriers(page, words, 'import')
  const file = field(page, imports.file)
  await file.setInputFiles({ name: 'page.ics', mimeType: 'text/calendar', buffer: Buffer.from('<html>') })
  await button(page, imports.read).click()
  await expect(page.getByRole('alert').filter({ hasText: both({ en: /^line 1/, fr: /^ligne 1/ }) })).toBeVisible()
  await file.setInputFiles({ name: 'agenda.ics', mimeType: 'text/calendar', buffer: ICS })
  await button(page, imports.read).click()
  await expect(page.getByText(said('it repeats, and repetitions are not read: enter its days one by one'))).toBeVisible()
  await expect(button(page, s.see)).toBeDisabled()
  await field(page, imports.all).selectOption({ label: s.silentDay })
  await field(page, imports.does('Brevet blanc')).selectOption({ label: imports.hours })
  await expect(field(page, imports.from('Brevet blanc'))).toHaveValue('08:00')
  await field(page, imports.does('Réunion')).selectOption({ label: imports.nothing })
  await without_barriers(page, words, 'events')
  await button(page, s.see).click()
  const review = page.getByRole('dialog')
  await expect(review.getByText(both({ en: 'silence from 08:00 to 10:00', fr: 'silence de 08:00 à 10:00' }))).toBeVisible()
  await expect(review.getByText('Portes ouvertes').first()).toBeVisible()
  await without_barriers(page, words, 'review')
  expect(box.conf().schedule.calendar).toEqual([])
  await button(review, s.publish).click()
  await expect(page.getByRole('status').filter({ hasText: imports.published })).toBeVisible()
  const calendar = box.conf().schedule.calendar as { day: string; label: string }[]
  expect(calendar.map(({ day, label }) => [day, label])).toEqual([['silent', 'Portes ouvertes'], ['usual', 'Brevet blanc']])
  await button(page, s.calendar).click()
  await button(page, s.days30).click()
  await expect(page.getByText('Portes ouvertes').first()).toBeVisible()
  // The same file again: what is there is known, and left as it is.
  await button(page, s.import).click()
  await file.setInputFiles({ name: 'agenda.ics', mimeType: 'text/calendar', buffer: ICS })
  await button(page, imports.read).click()
  await expect(page.getByText(`(${imports.known})`)).toHaveCount(2)
  await field(page, imports.all).selectOption({ label: s.silentDay })
  await expect(field(page, imports.does('Portes ouvertes'))).toHaveValue('')
  await undo(page, words)
  expect(box.conf().schedule.calendar).toEqual([])
})

test('what PRONOTE proposes is taken part by part, and goes again', async ({ box, pronote, page, words }) => {
  const { s, imports, said, both } = words
  await enter_schedule(page, box.url, s.import)
  const address = field(page, imports.address)
  await address.fill('https://ailleurs.example/pronote')
  await button(page, imports.ask).click()
  await is_wrong(address, said('{host} is not among gateway.allowed_hosts, nor in the table of portals', { host: 'ailleurs.example' }))
  await address.fill(`${pronote}/eleve.html`)
  await address.press('Enter')
  const take = (name: string) => field(page, imports.take(name))
  const wednesday = both({ en: 'Wednesday of week Q1 is now “Matin”', fr: 'Le mercredi de la semaine Q1 est désormais « Matin »' })
  await expect(take(imports.dayTypes)).toBeChecked()
  await expect(page.getByText(both({ en: /can be asked again/, fr: /interrogé de nouveau/ }))).toBeVisible()
  await expect(page.getByText(wednesday)).toBeVisible()
  await without_barriers(page, words, 'proposal')
  // The weeks stand on the kinds of days: with none of them, they cannot be taken.
  await take(imports.dayTypes).focus()
  await page.keyboard.press('Space')
  await expect(page.getByText(imports.weeksNeed)).toBeVisible()
  await without_barriers(page, words, 'proposal without days')
  await page.keyboard.press('Space')
  await expect(page.getByText(imports.weeksNeed)).toHaveCount(0)
  await take(imports.closed).uncheck()
  await button(page, s.see).click()
  const review = page.getByRole('dialog')
  await expect(review.getByText(wednesday)).toBeVisible()
  await expect(review.getByText(both({ en: 'New day type “Matin”', fr: 'Nouvelle journée type « Matin »' }))).toBeVisible()
  await without_barriers(page, words, 'review of the proposal')
  await button(review, s.publish).click()
  await expect(page.getByRole('status').filter({ hasText: imports.published })).toBeVisible()
  const { day_types, weeks, calendar } = box.conf().schedule
  expect(Object.keys(day_types)).toEqual(['journee', 'matin'])
  expect([day_types.journee.colour, day_types.journee.bells[0].late_seconds, day_types.journee.bells[1].late_seconds]).toEqual(['#2e7d32', 300, 60])
  expect([weeks.templates[0].name, weeks.templates[0].days.wednesday, calendar]).toEqual(['Q1', 'matin', []])
  // Asked again, it is what was said before; one's own kind of day may stay as it is.
  await field(page, imports.address).press('Enter')
  await expect(take(imports.dayTypes)).toBeDisabled()
  await expect(take(imports.closed)).toBeChecked()
  await field(page, imports.standsFor('Journée')).selectOption({ label: imports.newType })
  await expect(take(imports.dayTypes)).toBeEnabled()
  await undo(page, words)
  expect(Object.keys(box.conf().schedule.day_types)).toEqual(['journee'])
})
