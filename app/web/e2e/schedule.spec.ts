// The days of the bell tables as a school's office uses them: in both languages, on a phone and on a desk.
import type { Box } from './box'
import { button, enter, expect, is_wrong, offices, type Page, PROGRAM_HEADERS, test, without_barriers } from './school'

const OFFICES = offices(
  { calendar: 'Calendar', later: '5 min later from now on', takeBack: /^Take back: /, oneMore: 'Add', cancel: 'Cancel: 23:50 Soir', cancelled: 'Cancelled that day', why: 'Why? 23:50 Soir', rings: /rings/, close: 'Close', year: 'Year', thirty: '30 days', shorter: 'Tomorrow is shorter', exams: 'Exam week', see: 'See what changes', publish: 'Publish', becomes: 'It becomes', silence: 'silence from 08:00 to 12:00', to: 'To', silentTo: 'to', before: / is before /, notAfter: 'is not after from', kindOfWeek: 'Kind of week', itsTurn: /^Week of .*, its turn\. Change$/, byHand: /^Week of .*, set by hand\. Change$/, weekSet: /The week of .* is set to B/, weekFree: /is no longer set by hand/, otherwise: 'Otherwise on this day', name: 'Name' },
  { calendar: 'Calendrier', later: '5 min plus tard dès maintenant', takeBack: /^Reprendre: /, oneMore: 'Ajouter', cancel: 'Annuler: 23:50 Soir', cancelled: 'Annulé ce jour-là', why: 'Pourquoi ? 23:50 Soir', rings: /sonne/, close: 'Fermer', year: 'Année', thirty: '30 jours', shorter: 'Demain est plus court', exams: 'Semaine d’examens', see: 'Voir ce qui change', publish: 'Publier', becomes: 'Il devient', silence: 'silence de 08:00 à 12:00', to: 'Au', silentTo: 'à', before: / avant /, notAfter: /après/, kindOfWeek: 'Semaine type', itsTurn: /^Semaine du .*, à son tour\. Changer$/, byHand: /^Semaine du .*, fixée à la main\. Changer$/, weekSet: /La semaine du .* est fixée à B/, weekFree: /n’est plus fixée à la main/, otherwise: 'Changer ce jour', name: 'Nom' },
)

for (const words of OFFICES) {
  test.describe(words.office, () => {
    test.use({ locale: words.locale, viewport: { width: words.width, height: 844 } })

    const changes = async (page: Page, box: Box) =>
      (await (await page.request.get(`${box.url}/api/schedule/changes`, { headers: PROGRAM_HEADERS })).json()) as { change: string }[]
    async function publish(page: Page, seen: string | RegExp) {
      await button(page, words.see).click()
      await expect(page.getByRole('dialog').getByText(seen).first()).toBeVisible()
      await button(page, words.publish).click()
      await expect(page.getByRole('dialog')).toHaveCount(0)
    }

    test('today is shifted, silenced, added to, explained and taken back', async ({ school, page }) => {
      await enter(page, school, words)
      await without_barriers(page, 'today')
      await button(page, words.later).click()
      await expect(button(page, words.takeBack)).toHaveCount(1)
      await button(page, words.takeBack).click()
      await expect(button(page, words.takeBack)).toHaveCount(0)
      await button(page, words.cancel).click()
      await expect(page.getByText(words.cancelled)).toBeVisible()
      await without_barriers(page, 'today, changed')
      await button(page, words.takeBack).click()
      await expect(button(page, words.takeBack)).toHaveCount(0)
      await button(page, words.oneMore).click()
      await expect(button(page, words.takeBack)).toHaveCount(1)
      expect((await changes(page, school)).map(({ change }) => change)).toEqual(['bell'])
      await button(page, words.why).click()
      await expect(page.getByRole('dialog').getByText(words.rings).first()).toBeVisible()
      await without_barriers(page, 'why')
      await button(page, words.close).click()
    })

    test('the calendar is seen, and both wizards publish', async ({ school, page }) => {
      await enter(page, school, words, words.calendar)
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
      await publish(page, 'Courte')
      await button(page, words.exams).click()
      // What the box refuses is told beside the field.
      const [to, until] = [page.getByLabel(words.to, { exact: true }), page.getByLabel(words.silentTo, { exact: true })]
      const last = await to.inputValue()
      await to.fill('2020-01-01')
      await button(page, words.see).click()
      await is_wrong(to, words.before)
      await to.fill(last)
      await until.fill('07:00')
      await button(page, words.see).click()
      await is_wrong(until, words.notAfter)
      await without_barriers(page, 'exams, refused')
      await until.fill('12:00')
      await publish(page, words.silence)
      const calendar = school.conf().schedule.calendar as { day: string }[]
      expect(calendar.map(({ day }) => day)).toEqual(['typed', 'usual'])
    })

    test('in the calendar a week is set to another kind and left to its turn again, and a day is made otherwise', async ({ turns, page }) => {
      await enter(page, turns, words, words.calendar)
      const week = button(page, words.itsTurn).filter({ hasText: 'A' }).first()
      await expect(week).toBeVisible()
      await without_barriers(page, 'month with weeks')
      await week.click()
      await page.getByLabel(words.kindOfWeek).selectOption({ value: 'B' })
      await without_barriers(page, 'kind of week')
      await publish(page, words.weekSet)
      await expect(button(page, words.byHand)).toHaveCount(1)
      expect(Object.values(turns.conf().schedule.weeks.assigned)).toEqual(['B'])
      await button(page, words.byHand).click()
      await page.getByLabel(words.kindOfWeek).selectOption({ value: '' })
      await publish(page, words.weekFree)
      await expect(button(page, words.byHand)).toHaveCount(0)
      expect(turns.conf().schedule.weeks.assigned).toEqual({})
      await page.getByRole('button', { name: /Normale/ }).last().click()
      await button(page, words.otherwise).click()
      await page.getByLabel(words.name).fill('Pont')
      await without_barriers(page, 'a day otherwise')
      await publish(page, /Pont/)
      expect(turns.conf().schedule.calendar).toMatchObject([{ label: 'Pont', day: 'silent' }])
    })
  })
}
