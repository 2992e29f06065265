// Answers that come late: the newest question counts, and none is forgotten.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page, Route } from '@playwright/test'
import { Box, expect, PASSWORD, test } from './box'
import { button, enter, enter_schedule, field } from './hands'
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
    /** As the box answered then, not as it would now; what comes back lets the page have it. */
    answered: async () => {
      const answer = await held?.fetch()
      return async () => {
        await held?.fulfill({ response: answer })
        await (await held?.request().response())?.finished()
        await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
      }
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

test('of two answers on the last ring, the later question’s counts', async ({ box, page }) => {
  await enter(page, box.url)
  box.command('ring', 'OFFICE')
  const last = page.locator('dd', { hasText: 'Office' })
  await expect(last).toBeVisible()
  // What the page asks when that ring ends is not what is held.
  await page.goto('about:blank')
  const slow = await hold(page, '**/api/journal?limit=1')
  await page.goto(box.url)
  await slow.asked()
  const before = await slow.answered()
  box.command('ring', 'GPIO23')
  const newer = page.locator('dd', { hasText: 'Entrance' })
  await expect(newer).toBeVisible()
  await before()
  // At once: the end of the ring has it asked again.
  expect(await newer.isVisible()).toBe(true)
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
    await answer()
    await expect(dialog).toHaveAccessibleName(second ?? '')
    await expect(dialog).toHaveCount(1)
  })

  test('of two months that are turned to, the second is seen', async ({ box, page, words: { s } }) => {
    await enter_schedule(page, box.url, s.calendar)
    const days = page.getByRole('button', { name: /Normale/ })
    await expect(days.first()).toBeVisible()
    const slow = await hold(page, /\/api\/schedule\/preview\?from=/)
    await button(page, s.after).click()
    await slow.asked()
    const answer = await slow.answered()
    const names = () => days.evaluateAll((all) => all.map((day) => day.getAttribute('aria-label')))
    const before = await names()
    await button(page, s.after).click()
    await expect.poll(names).not.toEqual(before)
    const second = await names()
    await answer()
    expect(await names()).toEqual(second)
  })

  test('of two times that are asked about, the second is told', async ({ box, page, words: { s } }) => {
    await enter_schedule(page, box.url)
    await button(page, `${s.why} 09:00 Cours`).click()
    const dialog = page.getByRole('dialog')
    const told = dialog.locator('ol li')
    await expect(told.first()).toBeVisible()
    const at = async (time: string) => {
      await field(dialog, s.time).fill(time)
      await button(dialog, s.ask).click()
    }
    const slow = await hold(page, '**/api/schedule/explain?at=*')
    await at('10:17')
    await slow.asked()
    const answer = await slow.answered()
    await at('11:23')
    await expect(told.first()).toContainText('11:23')
    await answer()
    await expect(told.first()).toContainText('11:23')
  })

  test('one more bell waits until it is known what can ring', async ({ box, page, words: { s } }) => {
    const triggers = await hold(page, '**/api/triggers')
    await enter_schedule(page, box.url)
    await triggers.asked()
    await expect(button(page, s.add)).toBeDisabled()
    await (await triggers.answered())()
    await button(page, s.add).click()
    await expect(page.getByRole('button', { name: `${s.takeBack}: ` })).toBeVisible()
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
