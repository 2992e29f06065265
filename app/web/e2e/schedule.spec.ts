// The days of the bell tables as a school's office uses them.
import { type Box, expect, type Page, PROGRAM_HEADERS, test } from './box'
import { button, enter_schedule, field, is_wrong, without_barriers } from './hands'
import { FAR, NOON, SCHEDULE, TURNS } from './school'
import type { Words } from './words'

test.use({ conf: { schedule: SCHEDULE }, timezoneId: NOON })

const changes = async (page: Page, box: Box) =>
  (await (await page.request.get(`${box.url}/api/schedule/changes`, { headers: PROGRAM_HEADERS })).json()) as { change: string }[]

async function publish(page: Page, { s }: Words, seen: string | RegExp) {
  const review = page.getByRole('dialog', { name: s.review })
  await button(page, s.see).click()
  await expect(review.getByText(seen).first()).toBeVisible()
  await button(review, s.publish).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('today is shifted, silenced, added to, explained and taken back', async ({ box, page, words }) => {
  const { s, both } = words
  const takeBack = page.getByRole('button', { name: `${s.takeBack}: ` })
  await enter_schedule(page, box.url)
  await without_barriers(page, words, 'today')
  await button(page, s.later).click()
  await expect(takeBack).toHaveCount(1)
  await expect(page.getByText(`(${s.moved('23:50')})`)).toBeVisible()
  await takeBack.click()
  await expect(takeBack).toHaveCount(0)
  await field(page, s.until).fill('23:59')
  await button(page, s.makeSilent).click()
  await expect(takeBack).toHaveCount(1)
  await expect(page.getByText(s.silenced).first()).toBeVisible()
  await takeBack.click()
  await expect(takeBack).toHaveCount(0)
  await button(page, `${s.cancelBell}: 23:50 Soir`).click()
  await expect(page.getByText(both({ en: 'Cancelled that day', fr: 'Annulé ce jour-là' }))).toBeVisible()
  await without_barriers(page, words, 'today, changed')
  await takeBack.click()
  await expect(takeBack).toHaveCount(0)
  await button(page, s.add).click()
  await expect(takeBack).toHaveCount(1)
  expect((await changes(page, box)).map(({ change }) => change)).toEqual(['bell'])
  await button(page, `${s.why} 23:50 Soir`).click()
  await expect(page.getByRole('dialog').getByText(both({ en: 'rings', fr: 'sonne' })).first()).toBeVisible()
  await without_barriers(page, words, 'why')
  await button(page, s.close).click()
  await expect(page.getByRole('dialog')).toHaveCount(0)
})

async function proposes_the_schools_day(page: Page, box: Box, { s, editor }: Words) {
  await enter_schedule(page, box.url, s.tables)
  const answer = await page.request.get(`${box.url}/api/schedule/preview?days=1`, { headers: PROGRAM_HEADERS })
  const { civil } = (await answer.json()) as { civil: string }
  await button(page, editor.newEntry).click()
  await expect(field(page.getByRole('dialog'), editor.from)).toHaveValue(civil.slice(0, 10))
}

test('what is proposed is of the box’s day, whatever the clock of the device says', async ({ box, page, words }) => {
  await page.clock.setFixedTime('2020-02-02T12:00:00Z')
  await proposes_the_schools_day(page, box, words)
})

test.describe('on the other side of the date line', () => {
  test.use({ timezoneId: FAR })

  test('what is proposed is of the school’s day', async ({ box, page, words }) => {
    await proposes_the_schools_day(page, box, words)
    const here = await page.evaluate(() => new Intl.DateTimeFormat('sv-SE').format())
    await expect(field(page.getByRole('dialog'), words.editor.from)).not.toHaveValue(here)
  })
})

test('a page that was open for long proposes nothing that is past', async ({ box, page, words: { s } }) => {
  let civil = ''
  await page.route('**/api/schedule/preview?days=1', async (route) => {
    const answer = await route.fetch()
    const found = (await answer.json()) as { civil: string }
    await route.fulfill({ response: answer, json: { ...found, civil: `${found.civil.slice(0, 11)}${civil}:00` } })
  })
  civil = '08:00'
  await enter_schedule(page, box.url)
  await expect(field(page, s.until)).toHaveValue('09:00')
  await expect(field(page, s.time)).toHaveValue('08:10')
  await field(page, s.time).fill('08:20')
  civil = '10:30'
  box.command('ring', 'GPIO23')
  await expect(field(page, s.until)).toHaveValue('11:30')
  await expect(field(page, s.time)).toHaveValue('08:20')
})

test('the calendar is seen, and both wizards publish', async ({ box, page, words }) => {
  const { s, said, both } = words
  const dialog = page.getByRole('dialog')
  await enter_schedule(page, box.url, s.calendar)
  await expect(page.getByRole('button', { name: /Normale/ }).first()).toBeVisible()
  await without_barriers(page, words, 'month')
  await button(page, s.year).click()
  // A school year has 366 where its February has 29.
  await expect.poll(() => page.getByRole('button', { name: /Normale/ }).count()).toBeGreaterThanOrEqual(365)
  await without_barriers(page, words, 'year')
  await button(page, s.days30).click()
  await expect(page.getByText('00:00:01 · 09:00 · 23:50')).toHaveCount(30)
  await without_barriers(page, words, '30 days')
  await button(page, s.tomorrowShorter).click()
  await field(dialog, s.becomes).selectOption({ label: 'Courte' })
  await without_barriers(page, words, 'shorter')
  await publish(page, words, 'Courte')
  await button(page, s.examWeek).click()
  // What the box refuses is told beside the field.
  const [to, until] = [field(dialog, s.to), field(dialog, s.silentTo)]
  const last = await to.inputValue()
  await to.fill('2020-01-01')
  await button(dialog, s.see).click()
  await is_wrong(to, said('{to} is before from {from}'))
  await to.fill(last)
  await until.fill('07:00')
  await button(dialog, s.see).click()
  await is_wrong(until, said('is not after from'))
  await without_barriers(page, words, 'exams, refused')
  await until.fill('12:00')
  await publish(page, words, both({ en: 'silence from 08:00 to 12:00', fr: 'silence de 08:00 à 12:00' }))
  const calendar = box.conf().schedule.calendar as { day: string }[]
  expect(calendar.map(({ day }) => day)).toEqual(['typed', 'usual'])
})

test.describe('weeks that take turns', () => {
  test.use({ conf: { schedule: TURNS } })
  test('in the calendar a week is set to another kind and left to its turn again, and a day is made otherwise', async ({ box, page, words }) => {
    const { s, editor, both } = words
    /** Weeks whose kind came so, by what their buttons are called. */
    const weeks = (how: string) => page.getByRole('button', { name: new RegExp(`, ${how}\\. `) })
    await enter_schedule(page, box.url, s.calendar)
    const week = weeks(editor.byTurn).filter({ hasText: 'A' }).first()
    await expect(week).toBeVisible()
    await without_barriers(page, words, 'month with weeks')
    await week.click()
    await field(page.getByRole('dialog'), editor.kindOfWeek).selectOption({ value: 'B' })
    await without_barriers(page, words, 'kind of week')
    await publish(page, words, both({ en: /The week of .* is set to B/, fr: /La semaine du .* est fixée à B/ }))
    await expect(weeks(editor.byHand)).toHaveCount(1)
    expect(Object.values(box.conf().schedule.weeks.assigned)).toEqual(['B'])
    await weeks(editor.byHand).click()
    await field(page.getByRole('dialog'), editor.kindOfWeek).selectOption({ value: '' })
    await publish(page, words, both({ en: /is no longer set by hand/, fr: /n’est plus fixée à la main/ }))
    await expect(weeks(editor.byHand)).toHaveCount(0)
    expect(box.conf().schedule.weeks.assigned).toEqual({})
    await page.getByRole('button', { name: /Normale/ }).last().click()
    await button(page, editor.otherwise).click()
    await field(page.getByRole('dialog'), editor.name).fill('Pont')
    await without_barriers(page, words, 'a day otherwise')
    await publish(page, words, /Pont/)
    expect(box.conf().schedule.calendar).toMatchObject([{ label: 'Pont', day: 'silent' }])
  })
})
