// Everything by keyboard alone: reached, seen, and used.
import type { Locator, Page } from '@playwright/test'
import { enter, expect, test, tone } from './box'

test.use({ locale: 'en-GB' })

const USED = 'a[href], button:not([disabled]), input, select, [role=slider]'

/** Presses Tab until this has the focus. */
async function tabTo(page: Page, wanted: Locator) {
  await expect(wanted).toBeVisible()
  for (let press = 0; press < 120; press++) {
    if (await wanted.evaluate((one) => (one.getRootNode() as Document | ShadowRoot).activeElement === one)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${wanted}`)
}

for (const view of ['now', 'triggers', 'sounds', 'journal', 'gateway', 'system']) {
  test(`all of the view ${view} is reached, and it is seen where one is`, async ({ box, page }) => {
    await enter(page, box.url, view)
    await expect(page.locator('main h1')).toBeAttached()
    if (view === 'sounds') {
      await page.getByRole('button', { name: 'Listen: bell.wav' }).click()
      await expect(page.getByRole('slider', { name: 'Start of what rings' })).toBeVisible()
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

test('a sound is brought, renamed and rung without a mouse', async ({ box, page }) => {
  await enter(page, box.url)
  await tabTo(page, page.getByRole('link', { name: 'Sounds' }))
  await page.keyboard.press('Enter')
  const add = page.locator('button').filter({ hasText: 'Add sounds' })
  await tabTo(page, add)
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.keyboard.press('Enter')])
  await chooser.setFiles({ name: 'a.wav', mimeType: 'audio/wav', buffer: tone(1) })
  await expect(page.getByText('a.wav is there.')).toBeVisible()
  const rename = page.getByRole('button', { name: 'Rename a.wav' })
  await tabTo(page, rename)
  await page.keyboard.press('Enter')
  const name = page.getByLabel('New name')
  await tabTo(page, name)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toBeHidden()
  await expect(rename).toBeFocused()
  await page.keyboard.press('Enter')
  await tabTo(page, name)
  await page.keyboard.press('Control+A')
  await page.keyboard.type('b.wav')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'b.wav' })).toBeVisible()

  await tabTo(page, page.getByRole('link', { name: 'Triggers' }))
  await page.keyboard.press('Enter')
  await tabTo(page, page.getByRole('button', { name: 'New trigger' }))
  await page.keyboard.press('Enter')
  const form = page.getByRole('dialog')
  await tabTo(page, form.getByLabel('Name'))
  await page.keyboard.type('Yard')
  await tabTo(page, form.getByLabel('Identifier'))
  await page.keyboard.type('YARD')
  await tabTo(page, form.getByLabel('Sound'))
  await page.keyboard.type('b.wav')
  await expect(form.getByLabel('Sound')).toHaveValue('b.wav')
  await tabTo(page, form.getByRole('slider', { name: 'End of what rings' }))
  await page.keyboard.press('ArrowLeft')
  await expect(form.getByLabel('Ends at')).toHaveValue('0.9')
  await page.keyboard.press('Home')
  await expect(form.getByLabel('Ends at')).toHaveValue('0.1')
  await page.keyboard.press('End')
  await expect(form.getByLabel('Ends at')).toHaveValue('')
  await tabTo(page, form.getByRole('slider', { name: /^Volume/ }))
  await page.keyboard.press('PageDown')
  await tabTo(page, form.getByRole('button', { name: 'Save' }))
  await page.keyboard.press('Enter')
  await expect(form).toBeHidden()
  expect(box.conf().triggers.YARD).toMatchObject({ music_file: 'b.wav', volume: 0.9 })
  await tabTo(page, page.getByRole('button', { name: 'Try: Yard' }))
  await page.keyboard.press('Enter')
  await expect.poll(() => box.heardSeconds()).toBeGreaterThan(0.8)
})
