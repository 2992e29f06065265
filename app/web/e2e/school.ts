// A school's box with bell tables, and its office in each language on each screen.
import AxeBuilder from '@axe-core/playwright'
import type { Locator } from '@playwright/test'
import { Box, expect, type Page, PASSWORD, test as base } from './box'

const days = Object.fromEntries(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'].map((day) => [day, 'normal']))
const SCHEDULE = {
  time_zone: 'Europe/Paris',
  day_types: {
    normal: { name: 'Normale', colour: '#2e7d32', bells: [
      { time: '00:00:01', trigger: 'OFFICE', label: 'Nuit' }, { time: '09:00', trigger: 'OFFICE', label: 'Cours' }, { time: '23:50', trigger: 'OFFICE', label: 'Soir' },
    ] },
    short: { name: 'Courte', colour: '#f9a825', bells: [{ time: '09:30', trigger: 'OFFICE' }] },
  },
  weeks: { templates: [{ name: 'A', days }], turn: { rule: 'assigned' } },
  calendar: [],
}
const TURNS = { ...SCHEDULE, weeks: { templates: [{ name: 'A', days }, { name: 'B', days: { ...days, friday: 'short' } }], turn: { rule: 'every_week', anchor: '2026-08-31' } } }

async function running(schedule: object, use: (box: Box) => Promise<void>) {
  const box = await new Box({ username: 'admin', password: PASSWORD }, { schedule }).start()
  try {
    await use(box)
  } finally {
    await box.stop()
    box.remove()
  }
}

/** `school`: one whose weeks are all alike; `turns`: one whose weeks A and B take turns. */
export const test = base.extend<{ school: Box; turns: Box }>({
  school: ({}, use) => running(SCHEDULE, use),
  turns: ({}, use) => running(TURNS, use),
})

const LANGUAGES = [
  { locale: 'en-GB', password: 'Password', enter: 'Sign in' },
  { locale: 'fr-FR', password: 'Mot de passe', enter: 'Se connecter' },
]

/** Each language on each screen, with what a test calls things in it. */
export function offices<Words>(en: Words, fr: Words) {
  return LANGUAGES.flatMap((language) => [390, 1280].map((width) => ({ ...language, width, office: `${language.locale}, ${width}`, ...(language.locale === 'fr-FR' ? fr : en) })))
}

export const button = (page: Page | Locator, name: string | RegExp) => page.getByRole('button', { name, exact: true })

export async function enter(page: Page, box: Box, words: { password: string; enter: string }, part?: string) {
  await page.goto(`${box.url}/#/schedule`)
  await page.getByLabel(words.password).fill(PASSWORD)
  await button(page, words.enter).click()
  await expect(page.getByTestId('countdown')).toBeVisible()
  if (part) await button(page, part).click()
}

export async function without_barriers(page: Page, where: string) {
  const { violations } = await new AxeBuilder({ page }).analyze()
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`)).toEqual([])
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
  expect(wider, `${where} is wider than its window`).toBeLessThanOrEqual(0)
}

/** That the box's words on a field stand beside it. */
export async function is_wrong(field: Locator, words: string | RegExp) {
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await expect(field).toHaveAccessibleDescription(words)
}

/** Presses Tab until this has the focus. */
export async function tab_to(page: Page, wanted: Locator) {
  await expect(wanted).toBeVisible()
  for (let press = 0; press < 200; press++) {
    if (await wanted.evaluate((one) => document.activeElement === one)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${wanted}`)
}

export { expect, type Page, PROGRAM_HEADERS } from './box'
