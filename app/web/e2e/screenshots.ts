// The pictures of docs/screenshots: `make screenshots`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Box, PASSWORD, test, tone, expect } from './box'

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots', import.meta.url))
const SAMPLE = JSON.parse(readFileSync(new URL('../../../data/schedule/college.json', import.meta.url), 'utf8').replaceAll('"sonnerie"', '"GPIO23"'))
// A day with bells, on whichever day the pictures are taken.
const TODAY = new Date().toLocaleDateString('sv', { timeZone: SAMPLE.time_zone })
const SCHEDULE = { ...SAMPLE, calendar: [...SAMPLE.calendar, { from: TODAY, to: TODAY, label: 'Portes ouvertes', day: 'typed', day_type: 'journee', silent_hours: [] }] }
const SHOTS = [
  { name: 'desktop', width: 1280, height: 800, theme: 'light', locale: 'en-GB', password: 'Password', enter: 'Sign in', ring: 'Ring Entrance', edit: 'Edit: Entrance', listen: 'Listen: bell.wav', calendar: 'Calendar' },
  { name: 'phone', width: 390, height: 844, theme: 'dark', locale: 'fr-FR', password: 'Mot de passe', enter: 'Se connecter', ring: 'Sonner Entrance', edit: 'Modifier: Entrance', listen: 'Écouter: bell.wav', calendar: 'Calendrier' },
] as const

for (const shot of SHOTS) {
  test.describe(shot.name, () => {
    test.use({ locale: shot.locale, colorScheme: shot.theme, viewport: { width: shot.width, height: shot.height }, deviceScaleFactor: 1 })
    test('is drawn', async ({ page }) => {
      test.setTimeout(180_000)
      const box = await new Box({ username: 'admin', password: PASSWORD }, { schedule: SCHEDULE }).start()
      mkdirSync(FOLDER, { recursive: true })
      // Long enough for a slow machine to take a picture of it.
      writeFileSync(join(box.data, 'musiques/bell.wav'), tone(60))
      const take = (view: string) => page.screenshot({ path: `${FOLDER}/${view}-${shot.name}.png` })
      await page.goto(box.url)
      await page.getByLabel(shot.password).waitFor()
      await take('sign-in')
      await page.getByLabel(shot.password).fill(PASSWORD)
      await page.getByRole('button', { name: shot.enter }).click()
      await page.getByRole('button', { name: shot.ring }).click()
      await expect(page.getByRole('progressbar')).toBeVisible()
      await take('now')
      for (const view of ['schedule', 'triggers', 'sounds', 'journal', 'gateway', 'system']) {
        await page.goto(`${box.url}/#/${view}`)
        await expect(page.locator('main h1')).toBeVisible()
        if (view === 'triggers') {
          await expect(page.getByRole('button', { name: shot.edit })).toBeVisible()
          await take('triggers')
          await page.getByRole('button', { name: shot.edit }).click()
          await page.locator('dialog canvas').first().waitFor()
          await take('trim')
          await page.keyboard.press('Escape')
          continue
        }
        if (view === 'sounds') {
          await page.getByRole('button', { name: shot.listen }).click()
          await page.locator('canvas').first().waitFor()
        }
        await expect(page.locator('main .card, main table').first()).toBeVisible()
        await take(view)
        if (view === 'schedule') {
          await page.getByRole('button', { name: shot.calendar, exact: true }).click()
          await expect(page.getByRole('button', { name: /Journée/ }).first()).toBeVisible()
          await take('calendar')
        }
      }
      await box.stop()
      box.remove()
    })
  })
}
