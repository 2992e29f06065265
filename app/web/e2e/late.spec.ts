// Answers that come late: the newest question counts, and none is forgotten.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, Route } from '@playwright/test'
import { Box, expect, PASSWORD, test } from './box'
import { button, enter, enter_schedule } from './hands'
import { NOON, SCHEDULE } from './school'

/** Holds the first request of this kind; answers it when told to. */
async function hold(page: Page, path: string | RegExp, method = 'GET') {
  let held: Route | undefined
  await page.route(path, (route) => {
    if (held || route.request().method() !== method) return route.fallback()
    held = route
  })
  return {
    asked: () => expect.poll(() => held !== undefined).toBe(true),
    /** As the box answered then, not as it would now. */
    answered: async () => {
      const answer = await held?.fetch()
      return () => held?.fulfill({ response: answer })
    },
  }
}

test('older pages of the journal come in though it rings meanwhile', async ({ page, words: { t } }) => {
  const box = new Box({ username: 'admin', password: PASSWORD })
  try {
    const rings = Array.from({ length: 60 }, (_, at) => ({
      id: at + 1, time: new Date(Date.UTC(2026, 8, 1, 8, at)).toISOString(), trigger: 'OFFICE', name: 'Office', sound: 'bell.wav', seconds: 2.5,
      cause: { kind: 'api', user: 'admin' }, outcome: 'played',
    }))
    mkdirSync(join(box.data, 'journal'))
    writeFileSync(join(box.data, 'journal/rings.jsonl'), rings.map((ring) => `${JSON.stringify(ring)}\n`).join(''))
    await box.start()
    await enter(page, box.url, 'journal')
    const rows = page.locator('tbody tr')
    await expect(rows).toHaveCount(50)
    const older = await hold(page, /\/api\/journal\?.*before=/)
    await button(page, t.older).click()
    await older.asked()
    box.command('ring', 'GPIO23')
    await expect(page.getByRole('row', { name: /Entrance/ })).toBeVisible()
    await (await older.answered())()
    await expect(rows).toHaveCount(61)
  } finally {
    await box.stop()
    box.remove()
  }
})

test('a contact that closes while the lines are asked for is shown closed', async ({ box, page, words: { t } }) => {
  await enter(page, box.url)
  const lines = await hold(page, '**/api/lines')
  await page.goto(`${box.url}/#/triggers`)
  await page.reload()
  await lines.asked()
  const before = await lines.answered()
  box.command('press', 'GPIO23')
  const level = page.locator('main').getByText(t.active, { exact: true })
  await expect(level).toBeVisible()
  await before()
  // The other line is told by that answer only.
  await button(page, t.newTrigger).click()
  await expect(page.locator('datalist option[value=GPIO24]')).toBeAttached()
  await button(page, t.cancel).click()
  await expect(level).toBeVisible()
})

test.describe('in the bell tables', () => {
  test.use({ conf: { schedule: SCHEDULE }, timezoneId: NOON })

  test('of two days that are pressed, the second is seen', async ({ box, page, words: { s } }) => {
    await enter_schedule(page, box.url, s.calendar)
    const days = page.getByRole('button', { name: /Normale/ })
    await expect(days.first()).toBeVisible()
    const slow = await hold(page, /\/api\/schedule\/preview\?from=.*&days=1$/)
    await days.nth(3).click()
    await slow.asked()
    const answer = await slow.answered()
    await days.nth(4).click()
    const dialog = page.getByRole('dialog')
    const [second] = (await days.nth(4).getAttribute('aria-label'))?.split(':') ?? []
    await expect(dialog).toHaveAccessibleName(second ?? '')
    await Promise.all([page.waitForEvent('requestfinished', (request) => request.url().includes('from=')), answer()])
    await expect(dialog).toHaveAccessibleName(second ?? '')
    await expect(dialog).toHaveCount(1)
  })

  test('what is not taken back is said', async ({ box, page, words: { s, said } }) => {
    await enter_schedule(page, box.url)
    await button(page, s.later).click()
    const takeBack = page.getByRole('button', { name: `${s.takeBack}: ` })
    await page.route('**/api/schedule/changes/*', (route) => route.fulfill({ status: 500, contentType: 'application/problem+json', body: '{"detail":"the disk is full"}' }))
    await takeBack.click()
    // Once all of it was read again.
    await expect(takeBack).toBeEnabled()
    await expect(page.getByRole('alert').filter({ hasText: said('the disk is full') })).toBeVisible()
  })
})
