// The gateway's view, beside a PRONOTE that shuts the box out.
import { createServer } from 'node:http'
import { expect, test } from './box'
import { button, enter, without_barriers } from './hands'

test.use({ conf: { gateway: { allowed_hosts: ['127.0.0.1'], allow_private_hosts: true } } })

test('a school that is left alone is named, with why and until when', async ({ box, page, words }) => {
  const { t } = words
  // What PRONOTE says to an address that has asked too much of it.
  const school = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8')
    answer.end('<html><body>Votre adresse IP est provisoirement suspendue.</body></html>')
  })
  await new Promise<void>((listening) => school.listen(0, '127.0.0.1', listening))
  const address = school.address()
  const port = typeof address === 'object' ? address?.port : undefined
  try {
    await enter(page, box.url, 'gateway')
    await expect(page.getByText(t.gatewayUp)).toBeVisible()
    await expect(page.getByText(t.noBreakers)).toBeVisible()
    await expect(page.getByRole('definition').filter({ hasText: /^0$/ })).toBeVisible()
    const pupil = { url: `http://127.0.0.1:${port}/pronote/eleve.html`, username: 'a-pupil', password: 'a-secret' }
    const refused = await page.request.post(`${box.url}/generatetoken`, { form: pupil })
    expect(await refused.json()).toMatchObject({ token: false })
    await button(page, t.reloadView).click()
    const breaker = page.getByRole('listitem').filter({ hasText: '127.0.0.1' })
    await expect(breaker).toContainText(`${t.causeSuspended}, ${t.until({ time: '' })}`)
    await without_barriers(page, words, 'a breaker')
    expect(await page.locator('main').innerText()).not.toContain('a-pupil')
  } finally {
    school.closeAllConnections()
    await new Promise((closed) => school.close(closed))
  }
})

test.describe('switched off', () => {
  test.use({ conf: { gateway: { enabled: false } } })
  test('a gateway that is off says so', async ({ box, page, words: { t } }) => {
    await enter(page, box.url, 'gateway')
    await expect(page.getByText(t.gatewayOff)).toBeVisible()
  })
})
