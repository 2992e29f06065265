// The system view: a school's own certificate, backup and restore, the API described.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { connect } from 'node:tls'
import AxeBuilder from '@axe-core/playwright'
import { type Box, expect, PASSWORD, test, tone } from './box'
import { button, enter, field, fits, is_wrong, without_barriers } from './hands'

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

test("a school's own certificate is installed, seen by the next connection, and taken away", async ({ box, page, words: { t } }) => {
  const at = papers(box)
  const before = await shown(box)
  await enter(page, box.url, 'system')
  await field(page, t.certificateFile).setInputFiles(at('cert.pem'))
  await field(page, t.keyFile).setInputFiles(at('key.pem'))
  await button(page, t.install).click()
  await expect(page.getByText(t.installed)).toBeVisible()
  await expect(page.getByText('127.0.0.1, bell.school.example').or(page.getByText('bell.school.example, 127.0.0.1')).first()).toBeVisible()
  const after = await shown(box)
  expect(after).not.toBe(before)
  const der = readFileSync(at('cert.pem'), 'utf8').replace(/-----.*-----|\s/g, '')
  const digest = createHash('sha256').update(Buffer.from(der, 'base64')).digest('hex').toUpperCase()
  expect(after.replaceAll(':', '')).toBe(digest)
  // By keyboard, and back.
  await button(page, t.removeOwn).press('Enter')
  const dialog = page.getByRole('dialog', { name: t.removeOwnTitle })
  await button(dialog, t.removeOwn).press('Enter')
  await expect(page.getByText(t.removedOwn)).toBeVisible()
  expect(await shown(box)).toBe(before)
  expect(readdirSync(join(box.data, 'certs')).sort()).toEqual(['cert.pem', 'key.pem'])
})

test('a backup of one box is restored on another, which rings', async ({ box, page, fresh, words: { t, said } }) => {
  writeFileSync(join(box.data, 'musiques/recess.wav'), tone(2))
  const conf = box.conf()
  conf.triggers.RECESS = { name: 'Recess', type: 'api', music_file: 'recess.wav' }
  writeFileSync(join(box.data, 'conf.json'), JSON.stringify(conf))
  await enter(page, box.url, 'system')
  await page.request.post(`${box.url}/api/reload`)
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: t.backupSave }).click()])
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
  const chosen = field(page, t.restoreFile)
  const question = page.getByRole('dialog')
  async function restore() {
    await button(page, t.restore).click()
    await button(question, t.restore).click()
    await expect(question).toBeHidden()
  }
  const damaged = readFileSync(file)
  damaged.writeUInt32LE(0, damaged.length - 8)
  for (const [name, bytes, wrong] of [
    ['damaged.tar.gz', damaged, said('the file is damaged: {error}')],
    ['half.tar.gz', damaged.subarray(0, damaged.length / 2), said('the file ends too early: it is not whole')],
    ['holiday.jpg', Buffer.from('not a backup at all'), said('this is no backup of a Beffroi ({error}): a .tar.gz is expected')],
  ] as const) {
    await chosen.setInputFiles({ name, mimeType: 'application/gzip', buffer: bytes })
    await restore()
    await is_wrong(chosen, new RegExp(`${wrong.source}.*${said('{what}; nothing was changed').source}`))
    expect(fresh.conf().triggers.RECESS).toBeUndefined()
  }
  await chosen.setInputFiles(file)
  await restore()
  await expect(page.getByText(t.restored({ triggers: 3, sounds: 2 }))).toBeVisible()
  fresh.command('ring', 'RECESS')
  await expect.poll(() => fresh.heardSeconds()).toBeGreaterThan(1.5)
  // The password of this box still counts, and whoever was in still is.
  expect((await page.request.get(`${fresh.url}/api/triggers`)).status()).toBe(200)
})

test('each wrong file is told for what it is, beside its field', async ({ box, page, words }) => {
  const { t, said } = words
  const at = papers(box)
  const before = await shown(box)
  await enter(page, box.url, 'system')
  const [certificate, key] = [field(page, t.certificateFile), field(page, t.keyFile)]
  for (const [chain, other, wrong] of [
    ['cert.pem', 'locked.pem', said('the key is encrypted with a passphrase, which nobody could type when the box starts: openssl pkey -in FILE -out key.pem makes one without it')],
    ['cert.pem', 'other.pem', said('it is the key of another certificate, not of this one')],
    ['cert.pem', 'cert.pem', said('this is a certificate: it belongs into the other field, and its key here')],
    ['cert.der', 'key.pem', said('this is a binary file (DER), and PEM is wanted: {command} makes that of it')],
    ['both.p12', 'key.pem', said('this is a PKCS#12 file (.p12, .pfx), and PEM is wanted: {how}')],
    ['request.csr', 'key.pem', said('this is a request for a certificate (CSR), not the certificate: that is what the authority has sent back for it')],
    ['old.pem', 'key.pem', said('it is of an old version of X.509, which names no host: version 3 is wanted (openssl x509 makes that with -extfile)')],
    ['over.pem', 'key.pem', said('it has expired on {until}; today is {today}')],
  ] as const) {
    await certificate.setInputFiles(at(chain))
    await key.setInputFiles(at(other))
    await button(page, t.install).click()
    await is_wrong(other === 'key.pem' ? certificate : key, wrong)
  }
  await certificate.setInputFiles(at('cert.pem'))
  await key.setInputFiles([])
  await button(page, t.install).click()
  await is_wrong(key, said("the key is wanted too: the certificate's file does not hold it"))
  await without_barriers(page, words, 'a key is wanted')
  expect(await shown(box)).toBe(before)
})

test('what is wrong in an unclaimed box is nothing but that @once', async ({ fresh, page }) => {
  const health = await (await page.request.get(`${fresh.url}/api/health`)).json()
  expect(health.reasons).toEqual([])
})

test('the API is described and tried, in both themes', async ({ box, page, isMobile, words: { t } }) => {
  const complaints: string[] = []
  page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => !request.url().startsWith(box.url) && !/^(data|blob):/.test(request.url()) && complaints.push(request.url()))
  expect((await page.request.get(`${box.url}/api/docs`)).status()).toBe(401)
  expect((await page.request.get(`${box.url}/ui/docs.html`)).status()).toBe(404)
  await enter(page, box.url, 'system')
  const [answer] = await Promise.all([page.waitForResponse(`${box.url}/api/docs`), page.getByRole('link', { name: t.apiDocs }).click()])
  expect(answer.headers()['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self'; style-src 'self';/)
  const stop = page.locator('#operations-ring-post_api_stop')
  await stop.scrollIntoViewIfNeeded()
  await stop.locator('.opblock-summary-control').press('Enter')
  await button(stop, 'Try it out').press('Enter')
  await button(stop, 'Execute').press('Enter')
  await expect(stop.locator('.live-responses-table').getByText('"stopped"')).toBeVisible()
  await fits(page, 'the API')
  // With a second one open: what each has must differ.
  const put = page.locator('#operations-triggers-put_api_triggers__id_')
  await put.locator('.opblock-summary-control').press('Enter')
  await expect(put.locator('.responses-table')).toBeVisible()
  // Colours are the same at each width; it takes ten seconds each time.
  for (const theme of isMobile ? ['light'] as const : ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze()
    expect(violations.map(({ id, nodes }) => `${theme}: ${id}: ${nodes.length}: ${nodes[0]?.html}`)).toEqual([])
  }
  expect(complaints).toEqual([])
})
