// Bell tables as a school's office uses them, in both languages, on a phone and on a desk.
import AxeBuilder from '@axe-core/playwright'
import { Box, expect, type Page, PASSWORD, PROGRAM_HEADERS, test as base } from './box'

const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, 'normal']))
const SCHEDULE = {
  time_zone: 'Europe/Paris',
  day_types: {
    normal: { name: 'Normale', colour: '#2e7d32', bells: [
      { time: '00:00:01', trigger: 'OFFICE', label: 'Nuit' }, { time: '09:00', trigger: 'OFFICE', label: 'Cours' }, { time: '23:50', trigger: 'OFFICE', label: 'Soir' },
    ] },
    short: { name: 'Courte', colour: '#f9a825', bells: [{ time: '09:30', trigger: 'OFFICE' }] },
  },
  weeks: { templates: [{ name: 'A', days }], turn: { rule: 'assigned' } },
  calendar: [],
}

const test = base.extend<{ school: Box }>({
  school: async ({}, use) => {
    const box = await new Box({ username: 'admin', password: PASSWORD }, { schedule: SCHEDULE }).start()
    try {
      await use(box)
    } finally {
      await box.stop()
      box.remove()
    }
  },
})

const LANGUAGES = [
  { locale: 'en-GB', width: 1280, password: 'Password', enter: 'Sign in', calendar: 'Calendar', tables: 'Tables', history: 'History', later: '5 min later from now on', takeBack: /^Take back: /, silent: 'Be silent', oneMore: 'Add', cancel: 'Cancel: 23:50 Soir', cancelled: 'Cancelled that day', why: 'Why? 23:50 Soir', rings: /rings/, close: 'Close', year: 'Year', thirty: '30 days', shorter: 'Tomorrow is shorter', exams: 'Exam week', see: 'See what changes', publish: 'Publish', becomes: 'It becomes', silence: 'silence from 08:00 to 12:00', addBell: 'Add a bell: Courte', bellsOf: 'Bells of Courte', time: 'Time', drafted: 'Draft, not published', published: 'Published.', more: 'one more bell, 16:30', restore: 'Put back', name: 'Name', feed: 'Make an address', back: 'Take it back' },
  { locale: 'fr-FR', width: 390, password: 'Mot de passe', enter: 'Se connecter', calendar: 'Calendrier', tables: 'Tables', history: 'Historique', later: '5 min plus tard dès maintenant', takeBack: /^Reprendre: /, silent: 'Faire silence', oneMore: 'Ajouter', cancel: 'Annuler: 23:50 Soir', cancelled: 'Annulé ce jour-là', why: 'Pourquoi ? 23:50 Soir', rings: /sonne/, close: 'Fermer', year: 'Année', thirty: '30 jours', shorter: 'Demain est plus court', exams: 'Semaine d’examens', see: 'Voir ce qui change', publish: 'Publier', becomes: 'Il devient', silence: 'silence de 08:00 à 12:00', addBell: 'Ajouter une sonnerie: Courte', bellsOf: 'Sonneries de Courte', time: 'Heure', drafted: 'Brouillon non publié', published: 'Publié.', more: 'une sonnerie de plus, 16:30', restore: 'Remettre', name: 'Nom', feed: 'Faire une adresse', back: 'La reprendre' },
]

async function without_barriers(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`)).toEqual([])
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wider, `${where} is wider than its window`).toBeLessThanOrEqual(0)
}

for (const words of LANGUAGES) {
  test.describe(words.locale, () => {
    test.use({ locale: words.locale, viewport: { width: words.width, height: 844 } })

    const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true })
    async function enter(page: Page, box: Box) {
      await page.goto(`${box.url}/#/schedule`)
      await page.getByLabel(words.password).fill(PASSWORD)
      await button(page, words.enter).click()
      await expect(page.getByTestId('countdown')).toBeVisible()
    }
    const changes = async (page: Page, box: Box) =>
      (await (await page.request.get(`${box.url}/api/schedule/changes`, { headers: PROGRAM_HEADERS })).json()) as { change: string }[]

    test('today is shifted, silenced, added to, explained and taken back', async ({ school, page }) => {
      await enter(page, school)
      await without_barriers(page, 'today')
      await button(page, words.later).click()
      await expect(button(page, words.takeBack)).toHaveCount(1)
      await button(page, words.takeBack).click()
      await expect(button(page, words.takeBack)).toHaveCount(0)
      await button(page, words.cancel).click()
      await expect(page.getByText(words.cancelled)).toBeVisible()
      await without_barriers(page, 'today, changed')
      await button(page, words.takeBack).click()
      await button(page, words.oneMore).click()
      await expect(button(page, words.takeBack)).toHaveCount(1)
      expect((await changes(page, school)).map(({ change }) => change)).toEqual(['bell'])
      await button(page, words.why).click()
      await expect(page.getByRole('dialog').getByText(words.rings).first()).toBeVisible()
      await without_barriers(page, 'why')
      await button(page, words.close).click()
    })

    test('the calendar is seen and both wizards publish', async ({ school, page }) => {
      await enter(page, school)
      await button(page, words.calendar).click()
      await expect(page.getByRole('button', { name: /Normale/ }).first()).toBeVisible()
      await without_barriers(page, 'month')
      await button(page, words.year).click()
      await expect(page.getByRole('button', { name: /Normale/ })).toHaveCount(365)
      await without_barriers(page, 'year')
      await button(page, words.thirty).click()
      await expect(page.getByText('Normale').first()).toBeVisible()
      await without_barriers(page, '30 days')
      await button(page, words.shorter).click()
      await page.getByLabel(words.becomes).selectOption({ label: 'Courte' })
      await without_barriers(page, 'shorter')
      await button(page, words.see).click()
      await expect(page.getByRole('dialog').getByText('Courte').first()).toBeVisible()
      await without_barriers(page, 'review')
      await button(page, words.publish).click()
      await expect(page.getByRole('dialog')).toHaveCount(0)
      await button(page, words.exams).click()
      await button(page, words.see).click()
      await expect(page.getByRole('dialog').getByText(words.silence)).toBeVisible()
      await button(page, words.publish).click()
      await expect(page.getByRole('dialog')).toHaveCount(0)
      const calendar = school.conf().schedule.calendar as { day: string }[]
      expect(calendar.map(({ day }) => day)).toEqual(['typed', 'usual'])
    })

    test('tables are drafted, seen in words, published and put back', async ({ school, page }) => {
      await enter(page, school)
      await button(page, words.tables).click()
      await button(page, words.addBell).click()
      await page.getByRole('list', { name: words.bellsOf }).getByLabel(words.time).last().fill('16:30')
      await expect(page.getByText(words.drafted)).toBeVisible()
      await without_barriers(page, 'editor')
      // A draft outlives the page.
      await page.reload()
      await button(page, words.tables).click()
      await expect(page.getByText(words.drafted)).toBeVisible()
      expect(school.conf().schedule.day_types.short.bells).toHaveLength(1)
      await button(page, words.see).click()
      await expect(page.getByText(words.more)).toBeVisible()
      await button(page, words.publish).click()
      await expect(page.getByText(words.published, { exact: true })).toBeVisible()
      expect(school.conf().schedule.day_types.short.bells).toHaveLength(2)
      await button(page, words.history).click()
      await without_barriers(page, 'history')
      await page.getByRole('button', { name: /version 1( |$)/ }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.restore }).click()
      await expect(page.getByRole('dialog')).toHaveCount(0)
      expect(school.conf().schedule.day_types.short.bells).toHaveLength(1)
      await button(page, words.feed).click()
      const address = await page.getByText(/\/api\/feed\//).textContent()
      expect(await (await page.request.get(address ?? '')).text()).toContain('SUMMARY:Cours')
      await button(page, words.back).click()
      await expect(page.getByText(/\/api\/feed\//)).toHaveCount(0)
    })
  })
}
