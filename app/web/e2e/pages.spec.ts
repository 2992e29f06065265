// Every view in both themes: no barrier, nothing cut off at either width, nothing blocked, no other language.
import { expect, test } from './box'
import { button, fits, sign_in, without_barriers } from './hands'

const VIEWS = ['now', 'schedule', 'triggers', 'sounds', 'journal', 'gateway', 'system'] as const

test('every view is read by anybody', async ({ box, page, viewport, words }) => {
  const { t, s } = words
  const complaints: string[] = []
  page.on('console', (message) => {
    // The waveform's own style is refused, and taken up as a sheet.
    if (message.type() === 'error' && !/inline style/.test(message.text()) && !/401/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith(box.url) && !/^(data|blob):/.test(request.url())) complaints.push(request.url())
  })
  await page.goto(box.url)
  await expect(page.getByRole('heading', { name: t.signIn })).toBeVisible()
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await without_barriers(page, words, `sign-in, ${theme}`)
  }
  await sign_in(page, words)
  await expect(page.getByText(t.ready)).toBeVisible()
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    for (const view of VIEWS) {
      const where = `${view}, ${theme}`
      // As a person comes to it.
      await page.getByRole('navigation').getByRole('link', { name: t[view] }).click()
      await expect(page.getByRole('heading', { level: 1, name: view === 'schedule' ? s.title : t[view] })).toBeAttached()
      if (view === 'triggers') {
        await button(page, `${t.edit}: Entrance`).click()
        const form = page.getByRole('dialog')
        await expect(form.locator('canvas').first()).toBeVisible()
        await without_barriers(page, words, `${where}, editing`)
        await page.keyboard.press('Escape')
        await expect(form).toBeHidden()
      }
      if (view === 'sounds') {
        await button(page, `${t.listen}: bell.wav`).click()
        await expect(page.locator('canvas').first()).toBeVisible()
      }
      await without_barriers(page, words, where)
      if (theme === 'dark' || !viewport) continue
      // The words of this language at the other width.
      await page.setViewportSize({ ...viewport, width: viewport.width === 390 ? 1280 : 390 })
      await fits(page, `${where}, at the other width`)
      await page.setViewportSize(viewport)
    }
  }
  expect(complaints).toEqual([])
})
