// Everything by keyboard alone: reached, seen, and used.
import { expect, test, tone } from './box'
import { button, enter, field, tab_to } from './hands'

const USED = 'a[href], button:not([disabled]), input, select, [role=slider]'

for (const view of ['now', 'triggers', 'sounds', 'journal', 'gateway', 'system']) {
  test(`all of the view ${view} is reached, and it is seen where one is`, async ({ box, page, words: { t } }) => {
    await enter(page, box.url, view)
    await expect(page.locator('main h1')).toBeAttached()
    if (view === 'sounds') {
      await button(page, `${t.listen}: bell.wav`).click()
      await expect(page.getByRole('slider', { name: t.startEdge })).toBeVisible()
    }
    if (view === 'triggers' || view === 'now') await expect(page.getByRole('button', { name: /Entrance/ }).first()).toBeVisible()
    const wanted = await page.locator(USED).evaluateAll((all) => {
      let number = 0
      for (const one of all as HTMLElement[]) {
        const reached = one.tabIndex >= 0 && one.checkVisibility({ checkVisibilityCSS: true })
        if (reached) one.dataset.number = String(number++)
      }
      return number
    })
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    const reached = new Set<string>()
    for (let press = 0; press < wanted * 6 + 20 && reached.size < wanted; press++) {
      await page.keyboard.press('Tab')
      const found = await page.evaluate(() => {
        let one = document.activeElement as HTMLElement | null
        while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement as HTMLElement
        if (!one?.dataset.number) return undefined
        return { number: one.dataset.number, seen: getComputedStyle(one).outlineStyle !== 'none', text: one.outerHTML.slice(0, 120) }
      })
      if (!found) continue
      expect(found.seen, `the focus is not seen at ${found.text}`).toBe(true)
      reached.add(found.number)
    }
    const missed = await page.locator(USED).evaluateAll((all, reached) => (all as HTMLElement[])
      .filter((one) => one.dataset.number && !reached.includes(one.dataset.number)).map((one) => one.outerHTML.slice(0, 120)), [...reached])
    expect(missed).toEqual([])
    expect(wanted).toBeGreaterThan(8)
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
