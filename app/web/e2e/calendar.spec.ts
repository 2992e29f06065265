// The school calendar as a school's office gives it to the box.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Box, expect, type Page, PROGRAM_HEADERS, test as base } from './box'
import { button, enter, enter_schedule, field, is_wrong, without_barriers } from './hands'
import type { Words } from './words'

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

const test = base.extend<{ ministry: Ministry }>({
  ministry: async ({}, use) => {
    const ministry = await new Ministry().open()
    try {
      await use(ministry)
    } finally {
      await ministry.close()
    }
  },
})
// The ministry of these tests is on this machine.
test.use({ conf: { schedule: SCHEDULE, gateway: { allow_private_hosts: true } } })

async function enter_holidays(page: Page, box: Box, { s }: Words) {
  await enter(page, box.url, 'schedule')
  await button(page, s.holidays).click()
  await expect(page.getByTestId('known')).toBeVisible()
}
const give = (page: Page, name: string, text: string) =>
  page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/calendar', buffer: Buffer.from(text) })
async function places(page: Page, box: Box) {
  const answer = await page.request.get(`${box.url}/api/schedule/places`, { headers: PROGRAM_HEADERS })
  return Object.fromEntries((await answer.json()).places.map(({ place, until }: { place: string; until: string }) => [place, until]))
}

const read_place = ({ school, both }: Words) =>
  school.readPlace('Zone A', 1, both({ en: '20 October 2040', fr: '20 octobre 2040' }), both({ en: '4 November 2040', fr: '4 novembre 2040' }))
const WEB_PAGE = 'a web page: expected the calendar as CSV, JSON or .ics (the link leads to a page about it)'

test('the school finds its place, and hears until when its holidays are known', async ({ box, page, words }) => {
  const { school, both } = words
  await enter_holidays(page, box, words)
  await expect(page.getByTestId('known')).toContainText(school.nowhere)
  await without_barriers(page, words, 'no place')
  await field(page, school.find).fill('nowhere')
  await button(page, school.search).click()
  await is_wrong(field(page, school.find), new RegExp(school.notFound))
  await field(page, school.find).fill('67000')
  await button(page, school.search).click()
  await expect(field(page, school.place)).toHaveValue('zone-b')
  await expect(field(page, school.region)).toHaveValue('alsace-moselle')
  await button(page, school.save).click()
  await expect(page.getByText(school.saved)).toBeVisible()
  await expect(page.getByTestId('known')).toContainText(school.known('Zone B', both({ en: '4 July 2028', fr: '4 juillet 2028' }), both({ en: 'the order of 21 July 2026 (JORFTEXT000054457294)', fr: 'l’arrêté du 21 juillet 2026 (JORFTEXT000054457294)' })))
  expect(box.conf().schedule.school).toEqual({ place: 'zone-b', region: 'alsace-moselle' })
  await field(page, school.region).selectOption('')
  await field(page, school.place).selectOption(both({ en: 'Corsica', fr: 'Corse' }))
  await button(page, school.save).click()
  await expect(page.getByTestId('known')).toContainText(school.over(both({ en: 'Corsica', fr: 'Corse' }), both({ en: '4 July 2026', fr: '4 juillet 2026' })))
  await without_barriers(page, words, 'a place whose data has ended')
  // Overseas, the clocks are others.
  await field(page, school.place).selectOption(both({ en: 'Réunion', fr: 'La Réunion' }))
  await expect(field(page, school.zone('Indian/Reunion'))).toBeChecked()
  await button(page, school.save).click()
  await expect(field(page, school.zone('Indian/Reunion'))).toHaveCount(0)
  expect(box.conf().schedule).toMatchObject({ time_zone: 'Indian/Reunion', school: { place: 'la-reunion' } })
})

test('of two who choose a place, the second is told', async ({ box, page, words }) => {
  const { school } = words
  await enter_holidays(page, box, words)
  const put = await page.request.put(`${box.url}/api/schedule/school`, { headers: PROGRAM_HEADERS, data: { place: 'zone-c' } })
  expect(put.status()).toBe(200)
  await field(page, school.place).selectOption('Zone A')
  await button(page, school.save).click()
  await expect(page.getByRole('alert')).toHaveText(school.conflict)
  expect(box.conf().schedule.school.place).toBe('zone-c')
})

test('an official file is read, refused, told its place, and forgotten', async ({ box, page, words }) => {
  const { school, said } = words
  await enter_holidays(page, box, words)
  await field(page, school.place).selectOption('Zone B')
  await button(page, school.save).click()
  await expect(page.getByText(school.saved)).toBeVisible()
  await give(page, 'vacances.ics', '<html>')
  await expect(page.getByRole('alert')).toContainText(said(WEB_PAGE))
  await without_barriers(page, words, 'a refused file')
  expect((await places(page, box))['zone-a']).toBe('2028-07-04')
  await give(page, 'vacances.ics', ics(' - Zone A'))
  await expect(page.getByText(school.read('vacances.ics'))).toBeVisible()
  await expect(page.getByText(read_place(words))).toBeVisible()
  await expect(page.getByText(said('it has nothing of {place}, where this school is', { place: 'Zone B' }))).toBeVisible()
  await without_barriers(page, words, 'a file that was read')
  expect((await places(page, box))['zone-a']).toBe('2040-11-04')
  await give(page, 'vacances.ics', ics(''))
  await expect(page.getByRole('alert')).toContainText(said('the calendar names no place ({label} has none): say which zone or territory it is of'))
  await field(page, school.ofWhich).selectOption('Zone B')
  await button(page, school.tryAgain).click()
  await expect(page.getByRole('alert')).toHaveCount(0)
  await expect.poll(async () => (await places(page, box))['zone-b']).toBe('2040-11-04')
  await button(page, school.forgetOf('vacances.ics')).click()
  await button(page.getByRole('dialog'), school.forget).click()
  await expect(button(page, school.forgetOf('vacances.ics'))).toHaveCount(0)
  expect((await places(page, box))['zone-b']).toBe('2028-07-04')
})

test('a file is dropped', async ({ box, page, words }) => {
  await enter_holidays(page, box, words)
  const files = await page.evaluateHandle((text) => {
    const carried = new DataTransfer()
    carried.items.add(new File([text], 'vacances.ics', { type: 'text/calendar' }))
    return carried
  }, ics(' - Zone A'))
  await page.locator('.drop').dispatchEvent('drop', { dataTransfer: files })
  await expect(page.getByText(read_place(words))).toBeVisible()
})

test('an address is fetched at once, again when somebody wants it, and no more', async ({ box, ministry, page, words }) => {
  const { school, said, both } = words
  await enter_holidays(page, box, words)
  await field(page, school.address).fill('ftp://example.org/Zone-A.ics')
  await button(page, school.subscribe).click()
  await is_wrong(field(page, school.address), said('the https address of an official file is expected'))
  await field(page, school.address).fill(ministry.url('Zone-A.ics'))
  await button(page, school.subscribe).click()
  await expect(page.getByText(both({ en: 'a new calendar, which counts', fr: 'un nouveau calendrier, en vigueur' }))).toBeVisible()
  await expect.poll(async () => (await places(page, box))['zone-a']).toBe('2040-11-04')
  await button(page, school.refresh).click()
  await expect(page.getByText(said('it was asked less than a minute ago: again in {seconds} s'))).toBeVisible()
  await without_barriers(page, words, 'a subscription')
  // Another address that answers nonsense: what was fetched goes on counting.
  ministry.answer = '<html>'
  await field(page, school.address).fill(ministry.url('other.ics'))
  await button(page, school.subscribe).click()
  await expect(page.getByText(both({ en: 'in vain', fr: 'en vain' }))).toContainText(said(WEB_PAGE))
  await without_barriers(page, words, 'a subscription in vain')
  expect((await places(page, box))['zone-a']).toBe('2040-11-04')
  await button(page, school.stop).click()
  await button(page.getByRole('dialog'), school.stop).click()
  await expect(button(page, school.stop)).toHaveCount(0)
  expect(box.conf().school_calendar).toBeUndefined()
})

test('that no place is chosen is said where the calendar is looked at', async ({ box, page, words: { s, both } }) => {
  await enter_schedule(page, box.url, s.calendar)
  await button(page, s.days30).click()
  await expect(page.getByText(both({ en: 'Nothing says where the school is', fr: 'Rien ne dit où est l’établissement' }))).toBeVisible()
})
