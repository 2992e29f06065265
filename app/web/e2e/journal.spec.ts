// The journal over many pages: found, turned, and taken away as a file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Box, enter, expect, PASSWORD, test } from './box'

/** A box that rang 130 times on one day, once a minute; every tenth time for the office. */
async function old(): Promise<Box> {
  const box = new Box({ username: 'admin', password: PASSWORD })
  const rings = Array.from({ length: 130 }, (_, at) => {
    const office = at % 10 === 0
    return {
      id: at + 1, time: new Date(Date.UTC(2026, 8, 1, 8, at)).toISOString(),
      trigger: office ? 'OFFICE' : 'GPIO23', name: office ? 'Office' : 'Entrance', sound: 'bell.wav', seconds: 2.5,
      cause: office ? { kind: 'api', user: 'admin' } : { kind: 'line', line: 'GPIO23' },
      ...(at === 120 ? { outcome: 'failed', reason: 'no sound output: the sound card went away' } : { outcome: 'played' }),
    }
  })
  mkdirSync(join(box.data, 'journal'))
  writeFileSync(join(box.data, 'journal/rings.jsonl'), rings.map((ring) => `${JSON.stringify(ring)}\n`).join(''))
  return box.start()
}

test.describe('in English', () => {
  test.use({ locale: 'en-GB' })

  test('the journal tells what rings, as it rings', async ({ box, page }) => {
    box.command('ring', 'OFFICE')
    await enter(page, box.url, 'journal')
    box.command('press', 'GPIO23')
    await expect(page.getByRole('row', { name: /Entrance.*line GPIO23/ })).toBeVisible()
    await page.getByLabel('Name, sound or person').fill('office')
    await expect(page.getByRole('row', { name: /Entrance/ })).toBeHidden()
    await expect(page.getByRole('row', { name: /Office.*a command on the box/ })).toBeVisible()
    // What rings meanwhile is shown only where it is asked for.
    box.command('release', 'GPIO23')
    box.command('press', 'GPIO23')
    box.command('ring', 'OFFICE')
    await expect(page.getByRole('row', { name: /Office/ })).toHaveCount(2)
    await expect(page.getByRole('row', { name: /Entrance/ })).toBeHidden()
    await page.getByLabel('Outcome').selectOption('failed')
    await expect(page.getByText('Nothing like that has rung.')).toBeVisible()
  })

  test('what is asked for is found on all pages', async ({ page }) => {
    const box = await old()
    try {
      await enter(page, box.url, 'journal')
      const rows = page.locator('tbody tr')
      await expect(rows).toHaveCount(50)
      await page.getByRole('button', { name: 'Older' }).click()
      await expect(rows).toHaveCount(100)
      await page.getByRole('button', { name: 'Older' }).click()
      await expect(rows).toHaveCount(130)
      await expect(page.getByRole('button', { name: 'Older' })).toBeHidden()
      await page.getByLabel('Trigger').selectOption('OFFICE')
      await expect(rows).toHaveCount(13)
      await page.getByLabel('Why').selectOption('line')
      await expect(page.getByText('Nothing like that has rung.')).toBeVisible()
      await page.getByLabel('Trigger').selectOption('GPIO23')
      await expect(rows).toHaveCount(50)
      await page.getByRole('button', { name: 'Older' }).click()
      await expect(rows).toHaveCount(100)
      await page.getByLabel('From').fill('2026-09-02')
      await expect(page.getByText('Nothing like that has rung.')).toBeVisible()
      await page.getByLabel('From').fill('2026-09-01')
      await page.getByLabel('Up to').fill('2026-09-01')
      await expect(rows).toHaveCount(50)
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Save as CSV' }).click()])
      expect(file.suggestedFilename()).toMatch(/^beffroi-\d{4}-\d\d-\d\d\.csv$/)
      const text = readFileSync(await file.path(), 'utf8')
      const lines = text.split('\r\n')
      expect(lines).toHaveLength(1 + 117 + 1)
      expect(lines[0]).toBe('\ufeffnumber,time,time UTC,trigger,name,sound,cause,by,outcome,stopped by,seconds,reason')
      expect(lines[1]).toContain(',GPIO23,Entrance,bell.wav,contact,GPIO23,played,,2.5,')
    } finally {
      await box.stop()
      box.remove()
    }
  })
})

test.describe('in French', () => {
  test.use({ locale: 'fr-FR' })

  test('the file is as a French spreadsheet reads it', async ({ page }) => {
    const box = await old()
    try {
      await page.goto(`${box.url}/#/journal`)
      await page.getByLabel('Mot de passe').fill(PASSWORD)
      await page.getByRole('button', { name: 'Se connecter' }).click()
      await page.getByLabel('Déclencheur').selectOption('OFFICE')
      await expect(page.locator('tbody tr')).toHaveCount(13)
      const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Enregistrer en CSV' }).click()])
      const lines = readFileSync(await file.path(), 'utf8').split('\r\n')
      expect(lines).toHaveLength(1 + 13 + 1)
      expect(lines[0]).toContain('\ufeffnuméro;heure;')
      const line = (number: number) => lines.find((one) => one.startsWith(`${number};`))
      expect(line(111)).toContain(';Office;bell.wav;personne ou programme;admin;jouée;;2,5;')
      expect(line(121)).toMatch(/;en échec;;2,5;pas de sortie son : la carte son a disparu$/)
    } finally {
      await box.stop()
      box.remove()
    }
  })
})
