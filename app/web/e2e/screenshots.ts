// The pictures of docs/screenshots: `make screenshots`.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, tone } from './box'
import { button, field, sign_in } from './hands'

const FOLDER = fileURLToPath(new URL('../../../docs/screenshots', import.meta.url))
const SAMPLE = JSON.parse(readFileSync(new URL('../../../data/schedule/college.json', import.meta.url), 'utf8').replaceAll('"sonnerie"', '"GPIO23"'))
// A day with bells, on whichever day the pictures are taken.
const TODAY = new Date().toLocaleDateString('sv', { timeZone: SAMPLE.time_zone })
const SCHEDULE = { ...SAMPLE, calendar: [...SAMPLE.calendar, { from: TODAY, to: TODAY, label: 'Portes ouvertes', day: 'typed', day_type: 'journee', silent_hours: [] }] }
const SHOTS = { desk: { name: 'desktop', theme: 'light', height: 800 }, phone: { name: 'phone', theme: 'dark', height: 844 } } as const

test.use({ deviceScaleFactor: 1, conf: { schedule: SCHEDULE } })

test('is drawn', async ({ box, page, viewport, words }, { project }) => {
  const { t, s } = words
  const { name, theme, height } = SHOTS[project.name === 'phone' ? 'phone' : 'desk']
  test.setTimeout(180_000)
  mkdirSync(FOLDER, { recursive: true })
  // Long enough for a slow machine to take a picture of it.
  writeFileSync(join(box.data, 'musiques/bell.wav'), tone(60))
  const take = (view: string) => page.screenshot({ path: `${FOLDER}/${view}-${name}.png` })
  await page.setViewportSize({ width: viewport?.width ?? 1280, height })
  await page.emulateMedia({ colorScheme: theme })
  await page.goto(box.url)
  await field(page, t.password).waitFor()
  await take('sign-in')
  await sign_in(page, words)
  await button(page, t.ringIt({ name: 'Entrance' })).click()
  await expect(page.getByRole('progressbar')).toBeVisible()
  await take('now')
  for (const view of ['schedule', 'triggers', 'sounds', 'journal', 'gateway', 'system']) {
    await page.goto(`${box.url}/#/${view}`)
    await expect(page.locator('main h1')).toBeVisible()
    if (view === 'triggers') {
      await expect(button(page, `${t.edit}: Entrance`)).toBeVisible()
      await take('triggers')
      await button(page, `${t.edit}: Entrance`).click()
      await page.locator('dialog canvas').first().waitFor()
      await take('trim')
      await page.keyboard.press('Escape')
      continue
    }
    if (view === 'sounds') {
      await button(page, `${t.listen}: bell.wav`).click()
      await page.locator('canvas').first().waitFor()
    }
    await expect(page.locator('main .card, main table').first()).toBeVisible()
    await take(view)
    if (view === 'schedule') {
      await button(page, s.calendar).click()
      await expect(page.getByRole('button', { name: /Journée/ }).first()).toBeVisible()
      await take('calendar')
    }
  }
})
