// The system view: a school's own certificate, backup and restore, the API described.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import AxeBuilder from '@axe-core/playwright'
import { type Box, expect, type Page, PASSWORD, test, tone } from './box'

const ENGLISH = {
  locale: 'en-GB', enter: 'Sign in', password: 'Password', chain: 'Certificate (PEM)', key: 'Key (PEM)', install: 'Install', installed: 'It is served from the next connection on.',
  leave: "Back to the box's own certificate", left: "The box's own certificate is served", save: 'Save a backup', file: 'Restore a backup', restore: 'Restore', restored: 'Restored: triggers 3, sounds 2.',
  damaged: 'the file is damaged', half: 'ends too early', none: 'this is no backup of a Beffroi', unchanged: 'nothing was changed',
}
const FRENCH: typeof ENGLISH = {
  locale: 'fr-FR', enter: 'Se connecter', password: 'Mot de passe', chain: 'Certificat (PEM)', key: 'Clé (PEM)', install: 'Installer', installed: 'Il sert dès la prochaine connexion.',
  leave: 'Revenir au certificat de la boîte', left: 'Le certificat de la boîte sert', save: 'Enregistrer une sauvegarde', file: 'Restaurer une sauvegarde', restore: 'Restaurer', restored: 'Restauré : 3 déclencheurs, 2 sons.',
  damaged: 'le fichier est abîmé', half: 'finit trop tôt', none: 'ce n’est pas une sauvegarde de Beffroi', unchanged: 'rien n’a été changé',
}

async function enter(page: Page, url: string, words = ENGLISH, view = 'system') {
  await page.goto(`${url}/#/${view}`)
  await page.getByLabel(words.password).fill(PASSWORD)
  await page.getByRole('button', { name: words.enter }).click()
  await expect(page.getByRole('navigation')).toBeVisible()
}

/** What a school's authority would give it, and what is easily taken for that. */
function papers(box: Box) {
  const at = (name: string) => join(box.data, name)
  const openssl = (...parts: string[]) => execFileSync('openssl', parts, { stdio: 'pipe' })
  openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '90', '-subj', '/CN=bell', '-addext', 'subjectAltName=IP:127.0.0.1,DNS:bell.school.example', '-keyout', at('key.pem'), '-out', at('cert.pem'))
  openssl('req', '-new', '-key', at('key.pem'), '-subj', '/CN=bell', '-out', at('request.csr'))
  openssl('x509', '-in', at('cert.pem'), '-outform', 'der', '-out', at('cert.der'))
  openssl('pkcs12', '-export', '-in', at('cert.pem'), '-inkey', at('key.pem'), '-passout', 'pass:x', '-out', at('both.p12'))
  openssl('pkey', '-in', at('key.pem'), '-aes128', '-passout', 'pass:secret', '-out', at('locked.pem'))
  openssl('genpkey', '-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-out', at('other.pem'))
  openssl('x509', '-req', '-in', at('request.csr'), '-signkey', at('key.pem'), '-days', '30', '-out', at('old.pem'))
  writeFileSync(at('names'), 'subjectAltName=IP:127.0.0.1')
  openssl('x509', '-req', '-in', at('request.csr'), '-signkey', at('key.pem'), '-days', '-1', '-extfile', at('names'), '-out', at('over.pem'))
  return at
}

/** The fingerprint that a new connection is shown. */
function shown(box: Box): Promise<string> {
  const { hostname: host, port } = new URL(box.url)
  return new Promise((found, failed) => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false }, () => {
      found(socket.getPeerCertificate().fingerprint256)
      socket.end()
    })
    socket.on('error', failed)
  })
}

for (const words of [ENGLISH, FRENCH]) {
  test.describe(words.locale, () => {
    test.use({ locale: words.locale })

    test("a school's own certificate is installed, seen by the next connection, and taken away", async ({ box, page }) => {
      const at = papers(box)
      const before = await shown(box)
      await enter(page, box.url, words)
      await page.getByLabel(words.chain).setInputFiles(at('cert.pem'))
      await page.getByLabel(words.key).setInputFiles(at('key.pem'))
      await page.getByRole('button', { name: words.install, exact: true }).click()
      await expect(page.getByText(words.installed)).toBeVisible()
      await expect(page.getByText('127.0.0.1, bell.school.example').or(page.getByText('bell.school.example, 127.0.0.1')).first()).toBeVisible()
      const after = await shown(box)
      expect(after).not.toBe(before)
      const der = readFileSync(at('cert.pem'), 'utf8').replace(/-----.*-----|\s/g, '')
      const digest = createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex').toUpperCase()
      expect(after.replaceAll(':', '')).toBe(digest)
      // By keyboard, and back.
      const leave = page.getByRole('button', { name: words.leave })
      await leave.focus()
      await page.keyboard.press('Enter')
      const dialog = page.getByRole('dialog')
      await dialog.getByRole('button', { name: words.leave }).focus()
      await page.keyboard.press('Enter')
      await expect(page.getByText(words.left)).toBeVisible()
      expect(await shown(box)).toBe(before)
      expect(readdirSync(join(box.data, 'certs')).sort()).toEqual(['cert.pem', 'key.pem'])
    })

    test('a backup of one box is restored on another, which rings', async ({ box, page, fresh }) => {
      test.setTimeout(120_000)
      writeFileSync(join(box.data, 'musiques/recess.wav'), tone(2))
      const conf = box.conf()
      conf.triggers.RECESS = { name: 'Recess', type: 'api', music_file: 'recess.wav' }
      writeFileSync(join(box.data, 'conf.json'), JSON.stringify(conf))
      await enter(page, box.url, words)
      await page.request.post(`${box.url}/api/reload`)
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: words.save }).click()])
      expect(download.suggestedFilename()).toMatch(/^beffroi-\d{4}-\d\d-\d\d\.tar\.gz$/)
      const file = join(box.data, download.suggestedFilename())
      await download.saveAs(file)
      expect(execFileSync('tar', ['tzf', file], { encoding: 'utf8' }).trim().split('\n').sort()).toEqual(['conf.json', 'musiques/bell.wav', 'musiques/recess.wav'])
      const inside = execFileSync('tar', ['xzOf', file, 'conf.json'], { encoding: 'utf8' })
      expect(inside).not.toMatch(/argon2|password|tls_key/)

      // Another box, claimed by another password.
      await page.request.post(`${fresh.url}/api/claim`, { data: { code: fresh.claimCode, password: PASSWORD } })
      await page.goto(`${fresh.url}/#/system`)
      await expect(page.getByRole('navigation')).toBeVisible()
      const damaged = readFileSync(file)
      damaged.writeUInt32LE(0, damaged.length - 8)
      for (const [name, bytes, said] of [
        ['damaged.tar.gz', damaged, words.damaged],
        ['half.tar.gz', damaged.subarray(0, damaged.length / 2), words.half],
        ['holiday.jpg', Buffer.from('not a backup at all'), words.none],
      ] as const) {
        await page.getByLabel(words.file).setInputFiles({ name, mimeType: 'application/gzip', buffer: bytes })
        await page.getByRole('button', { name: words.restore, exact: true }).click()
        await page.getByRole('dialog').getByRole('button', { name: words.restore }).click()
        await expect(page.getByText(new RegExp(`${said}.*${words.unchanged}`))).toBeVisible()
        expect(fresh.conf().triggers.RECESS).toBeUndefined()
      }
      await page.getByLabel(words.file).setInputFiles(file)
      await page.getByRole('button', { name: words.restore, exact: true }).click()
      await page.getByRole('dialog').getByRole('button', { name: words.restore }).click()
      await expect(page.getByText(words.restored)).toBeVisible()
      fresh.command('ring', 'RECESS')
      await expect.poll(() => fresh.heardSeconds()).toBeGreaterThan(1.5)
      // The password of this box still counts, and whoever was in still is.
      expect((await page.request.get(`${fresh.url}/api/triggers`)).status()).toBe(200)
    })
  })
}

test.describe('in words', () => {
  test.use({ locale: 'en-GB' })
  test('each wrong file is told for what it is, beside its field', async ({ box, page }) => {
    const at = papers(box)
    const before = await shown(box)
    await enter(page, box.url)
    for (const [chain, key, said] of [
      ['cert.pem', 'locked.pem', 'encrypted with a passphrase'],
      ['cert.pem', 'other.pem', 'the key of another certificate'],
      ['cert.pem', 'cert.pem', 'this is a certificate: it belongs into the other field'],
      ['cert.der', 'key.pem', 'this is a binary file (DER)'],
      ['both.p12', 'key.pem', 'this is a PKCS#12 file'],
      ['request.csr', 'key.pem', 'a request for a certificate (CSR)'],
      ['old.pem', 'key.pem', 'it is of an old version of X.509'],
      ['over.pem', 'key.pem', 'it has expired on'],
    ] as const) {
      await page.getByLabel('Certificate (PEM)').setInputFiles(at(chain))
      await page.getByLabel('Key (PEM)').setInputFiles(at(key))
      await page.getByRole('button', { name: 'Install', exact: true }).click()
      await expect(page.getByText(said)).toBeVisible()
      const field = page.getByLabel(key === 'key.pem' ? 'Certificate (PEM)' : 'Key (PEM)')
      await expect(field).toHaveAttribute('aria-invalid', 'true')
    }
    await page.getByLabel('Certificate (PEM)').setInputFiles(at('cert.pem'))
    await page.getByLabel('Key (PEM)').setInputFiles([])
    await page.getByRole('button', { name: 'Install', exact: true }).click()
    await expect(page.getByText('the key is wanted too')).toBeVisible()
    const { violations } = await new AxeBuilder({ page }).analyze()
    expect(violations.map(({ id }) => id)).toEqual([])
    expect(await shown(box)).toBe(before)
  })

  test('what is wrong in an unclaimed box is nothing but that', async ({ fresh, page }) => {
    const health = await (await page.request.get(`${fresh.url}/api/health`)).json()
    expect(health.reasons).toEqual([])
  })
})

for (const width of [390, 1280]) {
  for (const theme of ['light', 'dark'] as const) {
    test(`the API is described and tried, ${width}, ${theme}`, async ({ box, page }) => {
      test.setTimeout(120_000)
      await page.setViewportSize({ width, height: 844 })
      await page.emulateMedia({ colorScheme: theme })
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('pageerror', (error) => complaints.push(String(error)))
      page.on('request', (request) => !request.url().startsWith(box.url) && !/^(data|blob):/.test(request.url()) && complaints.push(request.url()))
      expect((await page.request.get(`${box.url}/api/docs`)).status()).toBe(401)
      expect((await page.request.get(`${box.url}/ui/docs.html`)).status()).toBe(404)
      await enter(page, box.url)
      complaints.length = 0
      const answer = await page.goto(`${box.url}/api/docs`)
      expect(answer?.headers()['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
      const stop = page.locator('#operations-ring-post_api_stop')
      await stop.scrollIntoViewIfNeeded()
      await stop.locator('.opblock-summary-control').focus()
      await page.keyboard.press('Enter')
      await stop.getByRole('button', { name: 'Try it out' }).press('Enter')
      await stop.getByRole('button', { name: 'Execute' }).press('Enter')
      await expect(stop.locator('.live-responses-table').getByText('"stopped"')).toBeVisible()
      const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
      expect(wider).toBeLessThanOrEqual(0)
      // With a second one open: what each has must differ.
      const put = page.locator('#operations-triggers-put_api_triggers__id_')
      await put.locator('.opblock-summary-control').press('Enter')
      await expect(put.locator('.responses-table')).toBeVisible()
      const { violations } = await new AxeBuilder({ page }).analyze()
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.length}: ${nodes[0]?.html}`)).toEqual([])
      expect(complaints).toEqual([])
    })
  }
}
