// What a person does with the page, and what is looked at wherever that is.
import AxeBuilder from '@axe-core/playwright'
import { expect, type Locator, type Page, PASSWORD } from './box'
import { expect_words_of, type Words } from './words'

export const button = (of: Page | Locator, name: string | RegExp) => of.getByRole('button', { name, exact: true })
export const field = (of: Page | Locator, label: string) => of.getByLabel(label, { exact: true })

/** Looks at a view as somebody who has signed in before; the form of that is tested in use.spec.ts. */
export async function enter(page: Page, url: string, view = 'now') {
  const answer = await page.request.post(`${url}/api/session`, { data: { username: 'admin', password: PASSWORD } })
  expect(answer.status()).toBe(200)
  await page.goto(`${url}/#/${view}`)
  // The one of the view: the door has a heading of its own until it is known who is there.
  await expect(page.locator('#content h1')).toBeAttached()
}

/** A part of the bell tables. */
export async function enter_schedule(page: Page, url: string, part?: string) {
  await enter(page, url, 'schedule')
  await expect(page.getByTestId('countdown')).toBeVisible()
  if (part) await button(page, part).click()
}

/** Fills the form of the sign-in. */
export async function sign_in(of: Page | Locator, { t }: Words, password = PASSWORD) {
  await field(of, t.password).fill(password)
  await button(of, t.signIn).click()
}

/** That anybody reads it, that all of it is seen, and that it is of one language. */
export async function without_barriers(page: Page, { language }: Words, where: string) {
  const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
  expect(violations.map(({ id, nodes }) => `${where}: ${id}: ${nodes[0]?.html}`)).toEqual([])
  await fits(page, where)
  await expect(page.locator('html')).toHaveAttribute('lang', language)
  expect_words_of(language, await texts(page))
}

/** On a phone a page that is too wide makes the window wider, but not what it is laid out for. */
export async function fits(page: Page, where: string) {
  const wider = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  expect(wider, `${where} is wider than its window`).toBeLessThanOrEqual(0)
}

/** Each text of the page, and each name that only a screen reader says. */
function texts(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    const found: string[] = []
    while (walker.nextNode()) found.push(walker.currentNode.textContent?.trim() ?? '')
    for (const one of document.querySelectorAll('[aria-label], [title], [placeholder]')) {
      for (const name of ['aria-label', 'title', 'placeholder']) found.push(one.getAttribute(name) ?? '')
    }
    return found
  })
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
    if (await wanted.evaluate((one) => (one.getRootNode() as Document | ShadowRoot).activeElement === one)) return
    await page.keyboard.press('Tab')
  }
  throw new Error(`Tab never comes to ${wanted}`)
}
