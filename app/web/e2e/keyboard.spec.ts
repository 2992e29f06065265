// Everything by keyboard alone: reached, seen, and used.
import type { Route } from '@playwright/test'
import { expect, type Locator, type Page, PASSWORD, PROGRAM_HEADERS, test, tone } from './box'
import { button, enter, enter_schedule, field, tab_to } from './hands'
import { NOON, TURNS } from './school'

const USED = 'a[href], button:not([disabled]), input, select, [role=slider]'

for (const view of ['now', 'triggers', 'sounds', 'journal', 'gateway', 'system']) {
  test(`all of the view ${view} is reached, and it is seen where one is`, async ({ box, page, words: { t } }) => {
    await enter(page, box.url, view)
    if (view === 'sounds') {
      await button(page, `${t.listen}: bell.wav`).click()
      await expect(page.getByRole('slider', { name: t.startEdge })).toBeVisible()
    }
    if (view === 'triggers' || view === 'now') await expect(page.getByRole('button', { name: /Entrance/ }).first()).toBeVisible()
    if (view === 'system') await expect(page.getByRole('link', { name: t.download, exact: true })).toBeVisible()
    const unreached = () => page.locator(USED).evaluateAll((all) => (all as HTMLElement[])
      .filter((one) => one.tabIndex >= 0 && one.dataset.reached === undefined && one.checkVisibility({ checkVisibilityCSS: true }))
      .map((one) => one.outerHTML.slice(0, 120)))
    const controls = (await unreached()).length
    expect(controls).toBeGreaterThan(8)
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    // Some controls take several presses, such as the parts of a time; what is there later counts too.
    for (let press = 0; press < controls * 6 + 20 && (await unreached()).length > 0; press++) {
      await page.keyboard.press('Tab')
      const unseen = await page.evaluate(() => {
        let one = document.activeElement as HTMLElement | null
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement as HTMLElement
        if (!one || one === document.body) return undefined
        one.dataset.reached = ''
        return getComputedStyle(one).outlineStyle === 'none' ? one.outerHTML.slice(0, 120) : undefined
      })
      expect(unseen, 'the focus is not seen there').toBeUndefined()
    }
    expect(await unreached()).toEqual([])
  })
}

test('a sound is brought, renamed and rung without a mouse', async ({ box, page, words: { t } }) => {
  await enter(page, box.url)
  await tab_to(page, page.getByRole('link', { name: t.sounds }))
  await page.keyboard.press('Enter')
  const add = page.locator('button').filter({ hasText: t.upload })
  await tab_to(page, add)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
  await chooser.setFiles({ name: 'a.wav', mimeType: 'audio/wav', buffer: tone(1) })
  await expect(page.getByText(t.uploaded({ file: 'a.wav' }))).toBeVisible()
  const rename = button(page, t.renameSound({ file: 'a.wav' }))
  await tab_to(page, rename)
  await page.keyboard.press('Enter')
  const name = field(page, t.newName)
  await tab_to(page, name)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(rename).toBeFocused()
  await page.keyboard.press('Enter')
  await tab_to(page, name)
  await page.keyboard.press('Control+A')
  await page.keyboard.type('b.wav')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'b.wav' })).toBeVisible()

  await tab_to(page, page.getByRole('link', { name: t.triggers }))
  await page.keyboard.press('Enter')
  await tab_to(page, button(page, t.newTrigger))
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog')
  await tab_to(page, field(form, t.name))
  await page.keyboard.type('Yard')
  await tab_to(page, field(form, t.triggerId))
  await page.keyboard.type('YARD')
  await tab_to(page, field(form, t.sound))
  await page.keyboard.type('b.wav')
  await expect(field(form, t.sound)).toHaveValue('b.wav')
  await tab_to(page, form.getByRole('slider', { name: t.endEdge }))
  await page.keyboard.press('ArrowLeft')
  await expect(field(form, t.ends)).toHaveValue('0.9')
  await page.keyboard.press('Home')
  await expect(field(form, t.ends)).toHaveValue('0.1')
  await page.keyboard.press('End')
  await expect(field(form, t.ends)).toHaveValue('')
  await tab_to(page, form.getByRole('slider', { name: new RegExp(`^${t.volume}`) }))
  await page.keyboard.press('PageDown')
  await tab_to(page, button(form, t.save))
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  expect(box.conf().triggers.YARD).toMatchObject({ music_file: 'b.wav', volume: 0.9 })
  await tab_to(page, button(page, `${t.tryIt}: Yard`))
  await page.keyboard.press('Enter')
  await expect.poll(() => box.heardSeconds()).toBeGreaterThan(0.8)
})

/** Comes to it by Tab alone, and presses it once it can be pressed. */
async function press(page: Page, wanted: Locator) {
  await tab_to(page, wanted)
  await expect(wanted).toBeEnabled()
  await page.keyboard.press('Enter')
}

test('signing in and out leaves the focus at the head of what is seen then', async ({ box, page, words: { t } }) => {
  await page.goto(box.url)
  await tab_to(page, field(page, t.password))
  await page.keyboard.type(PASSWORD)
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: t.now, exact: true })).toBeFocused()
  await press(page, button(page, t.signOut))
  await expect(page.getByRole('heading', { name: t.signIn })).toBeFocused()
})

test('of rows that are deleted, the next is come to, then the one before, then what is above the list', async ({ box, page, words: { t } }) => {
  const doomed = (file: string) => button(page, `${t.remove}: ${file}`)
  const confirm = async (of: Locator) => {
    await press(page, of)
    await press(page, button(page.getByRole('dialog'), t.remove))
    await expect(page.getByRole('dialog')).toBeHidden()
  }
  for (const file of ['a.wav', 'c.wav', 'd.wav']) {
    await page.request.put(`${box.url}/api/sounds/${file}`, { data: tone(1), headers: { ...PROGRAM_HEADERS, 'content-type': 'application/octet-stream' } })
  }
  await enter(page, box.url, 'sounds')
  await confirm(doomed('c.wav'))
  await expect(doomed('d.wav')).toBeFocused()
  await confirm(doomed('d.wav'))
  await expect(doomed('bell.wav')).toBeFocused()
  // What is not deleted, and a window that is left, are come back to.
  await page.keyboard.press('Enter')
  await press(page, button(page.getByRole('dialog'), t.remove))
  await expect(page.getByRole('dialog').getByRole('alert')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(doomed('bell.wav')).toBeFocused()

  await press(page, page.getByRole('link', { name: t.triggers }))
  await confirm(button(page, `${t.remove}: Entrance`))
  await expect(button(page, `${t.remove}: Office`)).toBeFocused()
  await confirm(button(page, `${t.remove}: Office`))
  await expect(page.getByRole('heading', { name: t.triggers })).toBeFocused()
})

test.describe('in the bell tables', () => {
  test.use({ conf: { schedule: TURNS }, timezoneId: NOON })

  test('what is pressed keeps the focus while it is busy, and is not pressed twice', async ({ box, page, words: { s } }) => {
    const asked: Route[] = []
    await page.route('**/api/schedule/changes', (route) => (route.request().method() === 'POST' ? void asked.push(route) : route.continue()))
    await enter_schedule(page, box.url)
    const later = button(page, s.later)
    await press(page, later)
    await expect.poll(() => asked.length).toBe(1)
    await expect(later).toBeDisabled()
    await expect(later).toBeFocused()
    await page.keyboard.press('Enter')
    await page.keyboard.press('Space')
    // Nor is it by Enter in a field of the same form.
    const until = field(page, s.until)
    await until.focus()
    await page.keyboard.press('Enter')
    await expect(button(page, s.makeSilent)).toBeDisabled()
    await tab_to(page, later)
    await asked[0]?.continue()
    const takeBack = page.getByRole('button', { name: `${s.takeBack}: ` })
    await expect(takeBack).toHaveCount(1)
    await expect(later).toBeEnabled()
    await expect(later).toBeFocused()
    expect(asked).toHaveLength(1)
    // The list is gone with its only change: what is above it is come to.
    await press(page, takeBack)
    await expect(takeBack).toHaveCount(0)
    await expect(page.getByRole('heading', { name: s.oneMore })).toBeFocused()
    // A row that stays has another button.
    await press(page, button(page, `${s.cancelBell}: 23:50 Soir`))
    await expect.poll(() => asked.length).toBe(2)
    await asked[1]?.continue()
    await expect(button(page, `${s.why} 23:50 Soir`)).toBeFocused()
  })

  test('windows that follow one another lead back to where the first was opened', async ({ box, page, words: { s, editor } }) => {
    const dialog = page.getByRole('dialog')
    await enter_schedule(page, box.url, s.calendar)
    const day = page.getByRole('button', { name: /Normale/ }).last()
    await press(page, day)
    await press(page, dialog.getByRole('button', { name: `${s.why} 09:00` }))
    await expect(dialog).toHaveAccessibleName(s.whyAt)
    await page.keyboard.press('Escape')
    await expect(dialog).toHaveCount(0)
    await expect(day).toBeFocused()
    for (const [opener, publishes] of [[button(page, s.tomorrowShorter), false], [button(page, s.examWeek), true]] as const) {
      await press(page, opener)
      await press(page, button(dialog, s.see))
      await expect(dialog).toHaveAccessibleName(s.review)
      await press(page, button(dialog, publishes ? s.publish : s.close))
      await expect(dialog).toHaveCount(0)
      await expect(opener).toBeFocused()
    }
    // What is drafted has nothing left to discard, and keeps its place.
    await press(page, button(page, s.tables))
    const bells = page.getByRole('list', { name: editor.bellsOf('Courte') })
    await press(page, bells.getByRole('button', { name: editor.removeBell('09:30') }))
    await expect(button(page, `${editor.addBell}: Courte`)).toBeFocused()
    const discard = button(page, editor.discard)
    await press(page, discard)
    await press(page, button(dialog, editor.discard))
    await expect(dialog).toHaveCount(0)
    await expect(discard).toBeDisabled()
    await expect(discard).toBeFocused()
  })
})
