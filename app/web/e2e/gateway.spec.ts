// The gateway's view, beside a PRONOTE that shuts the box out.
import { createServer } from 'node:http'
import { Box, enter, expect, PASSWORD, test } from './box'

test.use({ locale: 'en-GB' })

test('a school that is left alone is named, with why and until when', async ({ page }) => {
  // What PRONOTE says to an address that has asked too much of it.
  const school = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html; charset=utf-8')
    answer.end('<html><body>Votre adresse IP est provisoirement suspendue.</body></html>')
  })
  await new Promise<void>((listening) => school.listen(0, '127.0.0.1', listening))
  const address = school.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const gateway = { allowed_hosts: ['127.0.0.1'], allow_private_hosts: true }
  const box = await new Box({ username: 'admin', password: PASSWORD }, { gateway }).start()
  try {
    await enter(page, box.url, 'gateway')
    await expect(page.getByText('None: every school is served.')).toBeVisible()
    await expect(page.getByRole('definition').filter({ hasText: /^0$/ })).toBeVisible()
    const pupil = { url: `http://127.0.0.1:${port}/pronote/eleve.html`, username: 'a-pupil', password: 'a-secret' }
    const refused = await page.request.post(`${box.url}/generatetoken`, { form: pupil })
    expect(await refused.json()).toMatchObject({ token: false })
    await page.getByRole('button', { name: 'Read again' }).click()
    const breaker = page.getByRole('listitem').filter({ hasText: '127.0.0.1' })
    await expect(breaker).toContainText('it has suspended the address of this box, until ')
    expect(await page.locator('main').innerText()).not.toContain('a-pupil')
  } finally {
    await box.stop()
    box.remove()
    school.closeAllConnections()
    await new Promise((closed) => school.close(closed))
  }
})
