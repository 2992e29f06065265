// Every view, in both languages, at both widths, in both themes: no barrier, nothing cut off, nothing blocked.
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, PASSWORD, test } from './box'

const VIEWS = ['now', 'schedule', 'triggers', 'sounds', 'journal', 'gateway', 'system']
const WIDTHS = [390, 1280]
const LANGUAGES = [
  { locale: 'en-GB', user: 'User name', password: 'Password', enter: 'Sign in', ready: 'Ready to ring', edit: 'Edit: Entrance', listen: 'Listen: bell.wav' },
  { locale: 'fr-FR', user: 'Nom d’utilisateur', password: 'Mot de passe', enter: 'Se connecter', ready: 'Prête à sonner', edit: 'Modifier: Entrance', listen: 'Écouter: bell.wav' },
]

async function without_barriers(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`)).toEqual([])
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wider, `${where} is wider than its window`).toBeLessThanOrEqual(0)
}

for (const words of LANGUAGES) {
  test.describe(words.locale, () => {
    test.use({ locale: words.locale })
    test('every view is read by anybody', async ({ box, page }) => {
      test.setTimeout(300_000)
      const complaints: string[] = []
      page.on('console', (message) => {
        // The waveform's own style is refused, and taken up as a sheet.
        if (message.type() === 'error' && !/inline style/.test(message.text()) && !/401/.test(message.text())) complaints.push(message.text())
      })
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => {
        if (!request.url().startsWith(box.url) && !/^(data|blob):/.test(request.url())) complaints.push(request.url())
      })
      await page.setViewportSize({ width: 390, height: 844 })
      await page.goto(box.url)
      await expect(page.getByRole('heading', { name: words.enter })).toBeVisible()
      await without_barriers(page, 'sign-in')
      await page.getByLabel(words.user).fill('admin')
      await page.getByLabel(words.password).fill(PASSWORD)
      await page.getByRole('button', { name: words.enter }).click()
      await expect(page.getByText(words.ready)).toBeVisible()
      for (const theme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme: theme })
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 844 })
          for (const view of VIEWS) {
            const where = `${view}, ${width}, ${theme}`
            await page.goto(`${box.url}/#/${view}`)
            await expect(page.locator('main h1')).toBeAttached()
            await page.waitForLoadState('load')
            if (view === 'triggers') {
              await page.getByRole('button', { name: words.edit }).click()
              await expect(page.getByRole('dialog')).toBeVisible()
              await without_barriers(page, `${where}, editing`)
              await page.keyboard.press('Escape')
            }
            if (view === 'sounds') await page.getByRole('button', { name: words.listen }).click()
            await without_barriers(page, where)
          }
        }
      }
      expect(complaints).toEqual([])
    })
  })
}
