// The school calendar as a school's office gives it to the box, in both languages, on a phone and on a desk.
import AxeBuilder from '@axe-core/playwright'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Box, expect, type Page, PASSWORD, PROGRAM_HEADERS, test as base } from './box'

const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, 'normal']))
const SCHEDULE = {
  time_zone: 'Europe/Paris',
  day_types: { normal: { name: 'Normale', colour: '#2e7d32', bells: [{ time: '09:00', trigger: 'OFFICE' }] } },
  weeks: { templates: [{ name: 'A', days }], turn: { rule: 'assigned' } },
}
/** Holidays of a year that nothing else is known of. */
const ics = (zone: string) => `BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20401020\r\nDTEND;VALUE=DATE:20401105\r\nSUMMARY:Vacances de la Toussaint${zone}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n`

/** A server that publishes a calendar, or nonsense. */
class Ministry {
  answer = ics(' - Zone A')
  readonly #server: Server = createServer((_, response) => response.end(this.answer))
  async open(): Promise<this> {
    await new Promise<void>((listening) => this.#server.listen(0, '127.0.0.1', listening))
    return this
  }
  url = (name: string) => `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/${name}`
  close = () => new Promise((closed) => { this.#server.close(closed); this.#server.closeAllConnections() })
}

const test = base.extend<{ school: Box; ministry: Ministry }>({
  school: async ({}, use) => {
    // The ministry of these tests is on this machine.
    const more = { schedule: SCHEDULE, gateway: { allow_private_hosts: true } }
    const box = await new Box({ username: 'admin', password: PASSWORD }, more).start()
    try {
      await use(box)
    } finally {
      await box.stop()
      box.remove()
    }
  },
  ministry: async ({}, use) => {
    const ministry = await new Ministry().open()
    try {
      await use(ministry)
    } finally {
      await ministry.close()
    }
  },
})

const ENGLISH = { locale: 'en-GB', password: 'Password', enter: 'Sign in', tab: 'School holidays', nowhere: 'No place is chosen', find: 'Postal code, department or academy', search: 'Find', notFound: 'No academy is found by that', place: 'Zone or territory', region: 'Public holidays', reunion: 'Réunion', corsica: 'Corsica', save: 'Save', saved: 'Saved. It counts from now on.', until: 'Zone B: school holidays are known until 4 July 2028, from the order of 21 July 2026', over: 'known only until 4 July 2026', zone: 'Indian/Reunion', read: 'was read and counts from now on', readPlace: 'Zone A: 1 holiday or single day, from 20 October 2040 to 4 November 2040', elsewhere: 'it has nothing of Zone B', page: 'a web page', noPlace: 'the calendar names no place', ofWhich: 'Of which place is the file?', again: 'Try again', forget: 'Forget vacances.ics', doForget: 'Forget', address: 'Address (https)', subscribe: 'Fetch each week', fetched: 'a new calendar, which counts', vain: 'in vain', refresh: 'Fetch now', soon: 'less than a minute ago', stop: 'Fetch no more', wrongAddress: 'the https address of an official file is expected', nowhereWarned: 'Nothing says where the school is' }
const FRENCH: typeof ENGLISH = { locale: 'fr-FR', password: 'Mot de passe', enter: 'Se connecter', tab: 'Vacances', nowhere: 'Aucun lieu n’est choisi', find: 'Code postal, département ou académie', search: 'Trouver', notFound: 'Aucune académie ne correspond', place: 'Zone ou territoire', region: 'Jours fériés', reunion: 'La Réunion', corsica: 'Corse', save: 'Enregistrer', saved: 'Enregistré. Cela vaut dès maintenant.', until: 'Zone B : les vacances scolaires sont connues jusqu’au 4 juillet 2028, d’après l’arrêté du 21 juillet 2026', over: 'connues que jusqu’au 4 juillet 2026', zone: 'Indian/Reunion', read: 'a été lu et vaut dès maintenant', readPlace: 'Zone A : 1 période ou journée, du 20 octobre 2040 au 4 novembre 2040', elsewhere: 'il ne contient rien pour Zone B', page: 'une page web', noPlace: 'le calendrier ne nomme aucun lieu', ofWhich: 'De quel lieu est le fichier ?', again: 'Réessayer', forget: 'Oublier vacances.ics', doForget: 'Oublier', address: 'Adresse (https)', subscribe: 'Récupérer chaque semaine', fetched: 'un nouveau calendrier, en vigueur', vain: 'en vain', refresh: 'Récupérer maintenant', soon: 'il y a moins d’une minute', stop: 'Ne plus récupérer', wrongAddress: 'l’adresse https d’un fichier officiel est attendue', nowhereWarned: 'Rien ne dit où est l’établissement' }

async function without_barriers(page: Page, where: string) {
  for (const width of [390, 1280]) {
    await page.setViewportSize({ width, height: 844 })
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id, nodes }) => `${where}, ${width} px: ${id}: ${nodes[0]?.html}`)).toEqual([])
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
    expect(wider, `${where} is wider than its window of ${width} px`).toBeLessThanOrEqual(0)
  }
}

for (const words of [ENGLISH, FRENCH]) {
  test.describe(words.locale, () => {
    test.use({ locale: words.locale, viewport: { width: words.locale === 'fr-FR' ? 390 : 1280, height: 844 } })

    const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
    async function enter(page: Page, box: Box) {
      await page.goto(`${box.url}/#/schedule`)
      await page.getByLabel(words.password).fill(PASSWORD)
      await button(page, words.enter).click()
      await button(page, words.tab).click()
      await expect(page.getByTestId('known')).toBeVisible()
    }
    const give = (page: Page, name: string, text: string) =>
      page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/calendar', buffer: Buffer.from(text) })
    async function places(page: Page, box: Box) {
      const answer = await page.request.get(`${box.url}/api/schedule/places`, { headers: PROGRAM_HEADERS })
      return Object.fromEntries((await answer.json()).places.map(({ place, until }: { place: string; until: string }) => [place, until]))
    }

    test('the school finds its place, and hears until when its holidays are known', async ({ school, page }) => {
      await enter(page, school)
      await expect(page.getByTestId('known')).toContainText(words.nowhere)
      await without_barriers(page, 'no place')
      await page.getByLabel(words.find).fill('nowhere')
      await button(page, words.search).click()
      await expect(page.getByText(words.notFound)).toBeVisible()
      await page.getByLabel(words.find).fill('67000')
      await button(page, words.search).click()
      await expect(page.getByLabel(words.place, { exact: true })).toHaveValue('zone-b')
      await expect(page.getByLabel(words.region, { exact: true })).toHaveValue('alsace-moselle')
      await button(page, words.save).click()
      await expect(page.getByText(words.saved)).toBeVisible()
      await expect(page.getByTestId('known')).toContainText(words.until)
      expect(school.conf().schedule.school).toEqual({ place: 'zone-b', region: 'alsace-moselle' })
      await page.getByLabel(words.region, { exact: true }).selectOption('')
      await page.getByLabel(words.place, { exact: true }).selectOption(words.corsica)
      await button(page, words.save).click()
      await expect(page.getByTestId('known')).toContainText(words.over)
      await without_barriers(page, 'a place whose data has ended')
      // Overseas, the clocks are others.
      await page.getByLabel(words.place, { exact: true }).selectOption(words.reunion)
      await expect(page.getByLabel(words.zone)).toBeChecked()
      await button(page, words.save).click()
      await expect(page.getByLabel(words.zone)).toHaveCount(0)
      expect(school.conf().schedule).toMatchObject({ time_zone: 'Indian/Reunion', school: { place: 'la-reunion' } })
    })

    test('of two who choose a place, the second is told', async ({ school, page }) => {
      await enter(page, school)
      const put = await page.request.put(`${school.url}/api/schedule/school`, { headers: PROGRAM_HEADERS, data: { place: 'zone-c' } })
      expect(put.status()).toBe(200)
      await page.getByLabel(words.place, { exact: true }).selectOption('Zone A')
      await button(page, words.save).click()
      await expect(page.getByRole('alert')).toBeVisible()
      expect(school.conf().schedule.school.place).toBe('zone-c')
    })

    test('an official file is read, refused, told its place, and forgotten', async ({ school, page }) => {
      await enter(page, school)
      await page.getByLabel(words.place, { exact: true }).selectOption('Zone B')
      await button(page, words.save).click()
      await expect(page.getByText(words.saved)).toBeVisible()
      await give(page, 'vacances.ics', '<html>')
      await expect(page.getByRole('alert')).toContainText(words.page)
      await without_barriers(page, 'a refused file')
      expect((await places(page, school))['zone-a']).toBe('2028-07-04')
      await give(page, 'vacances.ics', ics(' - Zone A'))
      await expect(page.getByText(words.read)).toBeVisible()
      await expect(page.getByText(words.readPlace)).toBeVisible()
      await expect(page.getByText(words.elsewhere)).toBeVisible()
      await without_barriers(page, 'a file that was read')
      expect((await places(page, school))['zone-a']).toBe('2040-11-04')
      await give(page, 'vacances.ics', ics(''))
      await expect(page.getByRole('alert')).toContainText(words.noPlace)
      await page.getByLabel(words.ofWhich).selectOption('Zone B')
      await button(page, words.again).click()
      await expect(page.getByRole('alert')).toHaveCount(0)
      await expect.poll(async () => (await places(page, school))['zone-b']).toBe('2040-11-04')
      await button(page, words.forget).click()
      await page.getByRole('dialog').getByRole('button', { name: words.doForget, exact: true }).click()
      await expect(button(page, words.forget)).toHaveCount(0)
      expect((await places(page, school))['zone-b']).toBe('2028-07-04')
    })

    test('a file is dropped', async ({ school, page }) => {
      await enter(page, school)
      const files = await page.evaluateHandle((text) => {
        const carried = new DataTransfer()
        carried.items.add(new File([text], 'vacances.ics', { type: 'text/calendar' }))
        return carried
      }, ics(' - Zone A'))
      await page.locator('.drop').dispatchEvent('drop', { dataTransfer: files })
      await expect(page.getByText(words.readPlace)).toBeVisible()
    })

    test('an address is fetched at once, again when somebody wants it, and no more', async ({ school, ministry, page }) => {
      await enter(page, school)
      await page.getByLabel(words.address).fill('ftp://example.org/Zone-A.ics')
      await button(page, words.subscribe).click()
      await expect(page.getByText(words.wrongAddress)).toBeVisible()
      await page.getByLabel(words.address).fill(ministry.url('Zone-A.ics'))
      await button(page, words.subscribe).click()
      await expect(page.getByText(words.fetched)).toBeVisible()
      await expect.poll(async () => (await places(page, school))['zone-a']).toBe('2040-11-04')
      await without_barriers(page, 'a subscription')
      await button(page, words.refresh).click()
      await expect(page.getByText(words.soon)).toBeVisible()
      // Another address that answers nonsense: what was fetched goes on counting.
      ministry.answer = '<html>'
      await page.getByLabel(words.address).fill(ministry.url('other.ics'))
      await button(page, words.subscribe).click()
      await expect(page.getByText(words.vain)).toContainText(words.page)
      await without_barriers(page, 'a subscription in vain')
      expect((await places(page, school))['zone-a']).toBe('2040-11-04')
      await button(page, words.stop).click()
      await page.getByRole('dialog').getByRole('button', { name: words.stop, exact: true }).click()
      await expect(button(page, words.stop)).toHaveCount(0)
      expect(school.conf().school_calendar).toBeUndefined()
    })

    test('that no place is chosen is said where the calendar is looked at', async ({ school, page }) => {
      await page.goto(`${school.url}/#/schedule`)
      await page.getByLabel(words.password).fill(PASSWORD)
      await button(page, words.enter).click()
      await button(page, words.locale === 'fr-FR' ? 'Calendrier' : 'Calendar').click()
      await button(page, words.locale === 'fr-FR' ? '30 jours' : '30 days').click()
      await expect(page.getByText(words.nowhereWarned)).toBeVisible()
    })
  })
}
