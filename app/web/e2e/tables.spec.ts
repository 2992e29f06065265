// The editor of the bell tables as a school's office uses it: in both languages, on a phone and on a desk.
import { button, enter, expect, is_wrong, offices, type Page, tab_to, test, without_barriers } from './school'

const OFFICES = offices(
  { tables: 'Tables', history: 'History', see: 'See what changes', publish: 'Publish', addBell: 'Add a bell: Courte', bellsOf: 'Bells of Courte', time: 'Time', lateness: 'Late by at most (s)', drafted: 'Draft, not published', published: 'Published.', more: 'one more bell, 16:30', restore: 'Put back', feed: 'Make an address', back: 'Take it back', discard: 'Discard the draft', undo: 'Undo the publication', undone: 'The tables are again as they were before.', close: 'Close',
    newWeek: 'New kind of week', turns: 'Several weeks take turns', nameOfWeek: 'Name of the week', setWeek: 'Set this week', setByHand: 'Weeks set by hand', kindOfWeek: 'Kind of week', deleteNormal: 'Delete Normale', used: 'is still used: week A, week B', byCycle: 'By a cycle of days', lost: /Lost in this draft: Week A, Week B, and one week set by hand/, replace: 'Replace in the draft', removeDay: 'Remove day 7', firstDay: 'A date that is day 1', cycle: 'The weeks, or the cycle of days, are others',
    newEntry: 'New entry', from: 'From', to: 'To', name: 'Name', days: 'Its days are', addHours: 'Add silent hours', silentFrom: 'Silent from', silentTo: 'until', keep: 'Put into the draft', before: / is before /, notAfter: 'is not after from', edit: 'Edit: Brevet', remove: 'Remove from the calendar: Brevet blanc', hours: 'Brevet blanc, silent from 08:00 to 12:00, silent from 13:00 on', expected: /08:25/ },
  { tables: 'Tables', history: 'Historique', see: 'Voir ce qui change', publish: 'Publier', addBell: 'Ajouter une sonnerie: Courte', bellsOf: 'Sonneries de Courte', time: 'Heure', lateness: 'Retard permis (s)', drafted: 'Brouillon non publié', published: 'Publié.', more: 'une sonnerie de plus, 16:30', restore: 'Remettre', feed: 'Faire une adresse', back: 'La reprendre', discard: 'Jeter le brouillon', undo: 'Annuler la publication', undone: 'Les tables sont de nouveau ce qu’elles étaient avant.', close: 'Fermer',
    newWeek: 'Nouvelle semaine type', turns: 'Plusieurs semaines alternent', nameOfWeek: 'Nom de la semaine', setWeek: 'Fixer cette semaine', setByHand: 'Semaines fixées à la main', kindOfWeek: 'Semaine type', deleteNormal: 'Supprimer Normale', used: 'sert encore : semaine A, semaine B', byCycle: 'Par cycle de jours', lost: /Perdu dans ce brouillon : Semaine A, Semaine B, et une semaine fixée à la main/, replace: 'Remplacer dans le brouillon', removeDay: 'Retirer le jour 7', firstDay: 'Une date qui est le jour 1', cycle: 'Les semaines, ou le cycle de jours, changent',
    newEntry: 'Nouvelle entrée', from: 'Du', to: 'Au', name: 'Nom', days: 'Ces jours sont', addHours: 'Ajouter des heures de silence', silentFrom: 'Silence de', silentTo: 'à', keep: 'Mettre au brouillon', before: / avant /, notAfter: /après/, edit: 'Modifier : Brevet', remove: 'Retirer du calendrier : Brevet blanc', hours: 'Brevet blanc, silence de 08:00 à 12:00, silence à partir de 13:00', expected: /08:25/ },
)

for (const words of OFFICES) {
  test.describe(words.office, () => {
    test.use({ locale: words.locale, viewport: { width: words.width, height: 844 } })

    async function publish(page: Page, seen: string | RegExp) {
      await button(page, words.see).click()
      await expect(page.getByRole('dialog').getByText(seen).first()).toBeVisible()
      await button(page, words.publish).click()
      await expect(page.getByText(words.published, { exact: true })).toBeVisible()
    }

    test('bells are drafted, refused beside their field, seen in words, published and undone', async ({ school, page }) => {
      await enter(page, school, words, words.tables)
      const bells = page.getByRole('list', { name: words.bellsOf })
      await button(page, words.addBell).click()
      const time = bells.getByLabel(words.time).last()
      await time.fill('')
      await button(page, words.see).click()
      await is_wrong(time, words.expected)
      await expect(time).toBeFocused()
      await time.fill('16:30')
      const late = bells.getByLabel(words.lateness).last()
      await late.fill('4000')
      await button(page, words.see).click()
      await is_wrong(late, /3600/)
      await without_barriers(page, 'editor, refused')
      await late.fill('300')
      // A draft outlives the page.
      await page.reload()
      await button(page, words.tables).click()
      await expect(page.getByText(words.drafted)).toBeVisible()
      expect(school.conf().schedule.day_types.short.bells).toHaveLength(1)
      await button(page, words.see).click()
      await expect(page.getByRole('dialog').getByText(words.more)).toBeVisible()
      await without_barriers(page, 'review')
      await button(page, words.close).click()
      await publish(page, words.more)
      expect(school.conf().schedule.day_types.short.bells).toMatchObject([{ time: '09:30' }, { time: '16:30', late_seconds: 300 }])
      await button(page, words.undo).click()
      await expect(page.getByText(words.undone)).toBeVisible()
      expect(school.conf().schedule.day_types.short.bells).toHaveLength(1)
    })

    test('a version is put back, and the feed of the bells is opened and closed', async ({ school, page }) => {
      await enter(page, school, words, words.tables)
      await button(page, words.addBell).click()
      await publish(page, /Courte/)
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

    test('weeks take turns, and one is set by hand', async ({ school, page }) => {
      await enter(page, school, words, words.tables)
      await button(page, words.newWeek).click()
      await button(page, words.deleteNormal).click()
      await expect(page.getByRole('alert')).toContainText(words.used)
      await page.getByLabel(words.turns).selectOption('every_week')
      await page.getByLabel(words.kindOfWeek, { exact: true }).selectOption('B')
      await button(page, words.setWeek).click()
      await expect(page.getByRole('list', { name: words.setByHand }).getByRole('combobox')).toHaveValue('B')
      // The week that is set by hand goes by the name.
      await page.getByLabel(words.nameOfWeek).last().fill('Bleue')
      await page.getByLabel(words.nameOfWeek).last().press('Tab')
      await without_barriers(page, 'weeks')
      await publish(page, /Bleue/)
      const { weeks } = school.conf().schedule
      expect([Object.values(weeks.assigned), weeks.turn.rule]).toEqual([['Bleue'], 'every_week'])
    })

    test('a cycle takes the place of the weeks, with a warning of what is lost, and that is undone', async ({ turns, page }) => {
      await enter(page, turns, words, words.tables)
      await button(page, words.setWeek).click()
      await button(page, words.byCycle).click()
      await expect(page.getByRole('dialog').getByText(words.lost)).toBeVisible()
      await button(page, words.replace).click()
      await button(page, words.removeDay).click()
      await page.getByLabel(words.firstDay).fill('')
      await button(page, words.see).click()
      await is_wrong(page.getByLabel(words.firstDay), /2026-09-01/)
      await page.getByLabel(words.firstDay).fill('2026-09-01')
      await without_barriers(page, 'cycle')
      await publish(page, words.cycle)
      const { schedule } = turns.conf()
      expect([schedule.weeks, schedule.cycle.days.length, schedule.cycle.open.length, schedule.cycle.anchor]).toEqual([undefined, 6, 7, '2026-09-01'])
      await button(page, words.undo).click()
      await expect(page.getByText(words.undone)).toBeVisible()
      expect(turns.conf().schedule.weeks.templates).toHaveLength(2)
    })

    test('an entry with hours of silence is made, refused beside its fields, edited and removed', async ({ school, page }) => {
      await enter(page, school, words, words.tables)
      await button(page, words.newEntry).click()
      const form = page.getByRole('dialog')
      const field = (label: string) => form.getByLabel(label, { exact: true })
      await field(words.from).fill('2027-05-24')
      await field(words.to).fill('2027-05-20')
      await field(words.name).fill('Brevet')
      await field(words.days).selectOption('usual')
      await button(page, words.keep).click()
      await is_wrong(field(words.to), words.before)
      await field(words.to).fill('2027-05-28')
      await button(page, words.addHours).click()
      await field(words.silentFrom).last().fill('13:00')
      await field(words.silentTo).last().fill('12:30')
      await button(page, words.keep).click()
      await is_wrong(field(words.silentTo).last(), words.notAfter)
      await without_barriers(page, 'entry, refused')
      await field(words.silentTo).last().fill('')
      await button(page, words.keep).click()
      await expect(form).toHaveCount(0)
      await button(page, words.edit).click()
      await field(words.name).fill('Brevet blanc')
      await button(page, words.keep).click()
      await expect(page.getByText(words.hours)).toBeVisible()
      await publish(page, /Brevet blanc/)
      const [entry] = school.conf().schedule.calendar
      expect(entry).toMatchObject({ from: '2027-05-24', to: '2027-05-28', day: 'usual', silent_hours: [{ from: '08:00', to: '12:00' }, { from: '13:00', to: null }] })
      await button(page, words.remove).click()
      await publish(page, /Brevet blanc/)
      expect(school.conf().schedule.calendar).toEqual([])
    })
  })
}

test('a bell is written, seen in words and published without a mouse', async ({ school, page }) => {
  const [words] = OFFICES
  if (!words) throw new Error('there is no office')
  await enter(page, school, words, words.tables)
  await tab_to(page, button(page, words.addBell))
  await page.keyboard.press('Enter')
  const time = page.getByRole('list', { name: words.bellsOf }).getByLabel(words.time).last()
  await tab_to(page, time)
  await page.keyboard.type('1630')
  await expect(time).toHaveValue('16:30')
  await page.keyboard.press('Shift+Tab')
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
  await tab_to(page, button(page, words.see))
  await page.keyboard.press('Enter')
  await tab_to(page, button(page, words.publish))
  await page.keyboard.press('Enter')
  await expect(page.getByText(words.published, { exact: true })).toBeVisible()
  await expect(page.getByRole('dialog')).toHaveCount(0)
  expect(school.conf().schedule.day_types.short.bells).toHaveLength(2)
})
