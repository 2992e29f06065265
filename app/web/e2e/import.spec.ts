// Tables drafted from a calendar file and from a school's PRONOTE: chosen, read in words, published, undone.
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import AxeBuilder from '@axe-core/playwright'
import { Box, expect, type Page, PASSWORD, PROGRAM, test as base } from './box'

const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, 'journee']))
const SCHEDULE = {
  time_zone: 'Europe/Paris',
  day_types: { journee: { name: 'Journée', colour: '#2e7d32', bells: [{ time: '08:00', trigger: 'OFFICE', label: 'Ouverture', late_seconds: 300 }] } },
  weeks: { templates: [{ name: 'A', days }], turn: { rule: 'assigned' } },
  calendar: [],
}
const GATEWAY = { enabled: true, allowed_hosts: ['127.0.0.1'], allow_private_hosts: true }

const test = base.extend<{ school: Box; pronote: string }>({
  school: async ({}, use) => {
    const box = await new Box({ username: 'admin', password: PASSWORD }, { schedule: SCHEDULE, gateway: GATEWAY }).start()
    try {
      await use(box)
    } finally {
      await box.stop()
      box.remove()
    }
  },
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

const LANGUAGES = [
  { locale: 'en-GB', password: 'Password', enter: 'Sign in', calendar: 'Calendar', import: 'Import', history: 'History', thirty: '30 days', file: 'Calendar file (.ics)', read: 'Read the file', repeats: 'repetitions are not read', all: 'All that are not in the calendar yet', does: (label: string) => `What “${label}” does to the bells`, silent: 'Without bells', hours: 'Silent for some hours', nothing: 'Changes nothing', from: (label: string) => `“${label}”: silent from`, see: 'See what changes', silence: 'silence from 08:00 to 10:00', publish: 'Publish', published: /^Published\./, known: '(in the calendar already)', noFile: /^(line|ligne) 1/, restore: 'Put back', address: 'Address of PRONOTE', ask: 'Ask PRONOTE', forbidden: 'is not among gateway.allowed_hosts', takeTypes: 'Take: Kinds of days', takeWeeks: 'Take: Weeks', takeClosed: 'Take: Closed days', standsFor: '“Journée” of PRONOTE is', newType: 'a new kind of day', needs: /^The weeks need these kinds of days/, said: /can be asked again/, wednesday: 'Wednesday of week Q1 is now “Matin”', morning: 'New day type “Matin”' },
  { locale: 'fr-FR', password: 'Mot de passe', enter: 'Se connecter', calendar: 'Calendrier', import: 'Importer', history: 'Historique', thirty: '30 jours', file: 'Fichier d’agenda (.ics)', read: 'Lire le fichier', repeats: 'les répétitions ne sont pas lues', all: 'Tous ceux qui ne sont pas encore au calendrier', does: (label: string) => `Effet de « ${label} » sur les sonneries`, silent: 'Sans sonnerie', hours: 'Silence à certaines heures', nothing: 'Ne change rien', from: (label: string) => `« ${label} » : silence de`, see: 'Voir ce qui change', silence: 'silence de 08:00 à 10:00', publish: 'Publier', published: /^Publié\./, known: '(déjà au calendrier)', noFile: /^(line|ligne) 1/, restore: 'Remettre', address: 'Adresse de PRONOTE', ask: 'Interroger PRONOTE', forbidden: 'n’est ni parmi gateway.allowed_hosts', takeTypes: 'Prendre : Journées types', takeWeeks: 'Prendre : Semaines', takeClosed: 'Prendre : Jours fermés', standsFor: '« Journée » de PRONOTE est', newType: 'une nouvelle journée type', needs: /^Les semaines ont besoin de ces journées types/, said: /interrogé de nouveau/, wednesday: 'Le mercredi de la semaine Q1 est désormais « Matin »', morning: 'Nouvelle journée type « Matin »' },
]

async function without_barriers(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`)).toEqual([])
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wider, `${where} is wider than its window`).toBeLessThanOrEqual(0)
}

/** So many days from now, `20270111`. */
const inDays = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')
const ics = () => Buffer.from(['BEGIN:VCALENDAR',
  'BEGIN:VEVENT', 'SUMMARY:Portes ouvertes', `DTSTART;VALUE=DATE:${inDays(4)}`, 'END:VEVENT',
  'BEGIN:VEVENT', 'SUMMARY:Brevet blanc', `DTSTART;TZID=Europe/Paris:${inDays(6)}T080000`, 'DURATION:PT2H', 'END:VEVENT',
  'BEGIN:VEVENT', 'SUMMARY:Réunion', `DTSTART;TZID=Europe/Paris:${inDays(8)}T180000`, 'END:VEVENT',
  'BEGIN:VEVENT', 'SUMMARY:Conseil', `DTSTART;VALUE=DATE:${inDays(7)}`, 'RRULE:FREQ=WEEKLY', 'END:VEVENT',
  'END:VCALENDAR', ''].join('\r\n'))

for (const words of LANGUAGES) {
  for (const width of [390, 1280]) {
    test.describe(`${words.locale}, ${width} wide`, () => {
      test.use({ locale: words.locale, viewport: { width, height: 844 } })

      const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
      async function enter(page: Page, box: Box) {
        await page.goto(`${box.url}/#/schedule`)
        await page.getByLabel(words.password).fill(PASSWORD)
        await button(page, words.enter).click()
        await button(page, words.import).click()
      }
      async function undo(page: Page) {
        await button(page, words.history).click()
        await page.getByRole('button', { name: /version 1( |$)/ }).click()
        await page.getByRole('dialog').getByRole('button', { name: words.restore }).click()
        await expect(page.getByRole('dialog')).toHaveCount(0)
      }

      test('events of a file become entries of the calendar, and go again', async ({ school, page }) => {
        await enter(page, school)
        await without_barriers(page, 'import')
        const file = page.getByLabel(words.file)
        await file.setInputFiles({ name: 'page.ics', mimeType: 'text/calendar', buffer: Buffer.from('<html>') })
        await button(page, words.read).click()
        await expect(page.getByRole('alert').filter({ hasText: words.noFile })).toBeVisible()
        await file.setInputFiles({ name: 'agenda.ics', mimeType: 'text/calendar', buffer: ics() })
        await button(page, words.read).click()
        await expect(page.getByText(words.repeats)).toBeVisible()
        await expect(button(page, words.see)).toBeDisabled()
        await page.getByLabel(words.all).selectOption({ label: words.silent })
        await page.getByLabel(words.does('Brevet blanc')).selectOption({ label: words.hours })
        await expect(page.getByLabel(words.from('Brevet blanc'))).toHaveValue('08:00')
        await page.getByLabel(words.does('Réunion')).selectOption({ label: words.nothing })
        await without_barriers(page, 'events')
        await button(page, words.see).click()
        const review = page.getByRole('dialog')
        await expect(review.getByText(words.silence)).toBeVisible()
        await expect(review.getByText('Portes ouvertes').first()).toBeVisible()
        await without_barriers(page, 'review')
        expect(school.conf().schedule.calendar).toEqual([])
        await review.getByRole('button', { name: words.publish }).click()
        await expect(page.getByRole('status').filter({ hasText: words.published })).toBeVisible()
        const calendar = school.conf().schedule.calendar as { day: string; label: string }[]
        expect(calendar.map(({ day, label }) => [day, label])).toEqual([['silent', 'Portes ouvertes'], ['usual', 'Brevet blanc']])
        await button(page, words.calendar).click()
        await button(page, words.thirty).click()
        await expect(page.getByText('Portes ouvertes').first()).toBeVisible()
        // The same file again: what is there is known, and left as it is.
        await button(page, words.import).click()
        await file.setInputFiles({ name: 'agenda.ics', mimeType: 'text/calendar', buffer: ics() })
        await button(page, words.read).click()
        await expect(page.getByText(words.known)).toHaveCount(2)
        await page.getByLabel(words.all).selectOption({ label: words.silent })
        await expect(page.getByLabel(words.does('Portes ouvertes'))).toHaveValue('')
        await undo(page)
        expect(school.conf().schedule.calendar).toEqual([])
      })

      test('what PRONOTE proposes is taken part by part, and goes again', async ({ school, pronote, page }) => {
        await enter(page, school)
        const address = page.getByLabel(words.address)
        await address.fill('https://ailleurs.example/pronote')
        await button(page, words.ask).click()
        await expect(page.getByRole('alert').filter({ hasText: words.forbidden })).toBeVisible()
        await address.fill(`${pronote}/eleve.html`)
        await address.press('Enter')
        const take = (name: string) => page.getByLabel(name, { exact: true })
        await expect(take(words.takeTypes)).toBeChecked()
        await expect(page.getByText(words.said)).toBeVisible()
        await expect(page.getByText(words.wednesday)).toBeVisible()
        await without_barriers(page, 'proposal')
        // The weeks stand on the kinds of days: with none of them, they cannot be taken.
        await take(words.takeTypes).focus()
        await page.keyboard.press('Space')
        await expect(page.getByText(words.needs)).toBeVisible()
        await without_barriers(page, 'proposal without days')
        await page.keyboard.press('Space')
        await expect(page.getByText(words.needs)).toHaveCount(0)
        await take(words.takeClosed).uncheck()
        await button(page, words.see).click()
        const review = page.getByRole('dialog')
        await expect(review.getByText(words.wednesday)).toBeVisible()
        await expect(review.getByText(words.morning)).toBeVisible()
        await without_barriers(page, 'review of the proposal')
        await review.getByRole('button', { name: words.publish }).click()
        await expect(page.getByRole('status').filter({ hasText: words.published })).toBeVisible()
        const { day_types, weeks, calendar } = school.conf().schedule
        expect(Object.keys(day_types)).toEqual(['journee', 'matin'])
        expect([day_types.journee.colour, day_types.journee.bells[0].late_seconds, day_types.journee.bells[1].late_seconds]).toEqual(['#2e7d32', 300, 60])
        expect([weeks.templates[0].name, weeks.templates[0].days.wednesday, calendar]).toEqual(['Q1', 'matin', []])
        // Asked again, it is what was said before; one's own kind of day may stay as it is.
        await page.getByLabel(words.address).press('Enter')
        await expect(take(words.takeTypes)).toBeDisabled()
        await expect(take(words.takeClosed)).toBeChecked()
        await page.getByLabel(words.standsFor).selectOption({ label: words.newType })
        await expect(take(words.takeTypes)).toBeEnabled()
        await undo(page)
        expect(Object.keys(school.conf().schedule.day_types)).toEqual(['journee'])
      })
    })
  }
}
