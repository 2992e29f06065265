// The journal over many pages: found, turned, and taken away as a file.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Box, expect, PASSWORD, test as base } from './box'
import { button, enter, field } from './hands'

/** `old`: a box that rang 130 times on one day, once a minute; every tenth time for the office. */
const test = base.extend<{ old: Box }>({
  old: async ({}, use) => {
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
    try {
      await use(await box.start())
    } finally {
      await box.stop()
      box.remove()
    }
  },
})

/** What a spreadsheet in this language reads. */
const SHEETS = {
  en: {
    columns: 'number,time,time UTC,trigger,name,sound,cause,by,outcome,stopped by,seconds,reason',
    first: ',GPIO23,Entrance,bell.wav,contact,GPIO23,played,,2.5,', called: ',Office,bell.wav,person or program,admin,played,,2.5,',
    failed: /,failed,,2\.5,no sound output: the sound card went away$/,
  },
  fr: {
    columns: /^\ufeffnuméro;heure;/,
    first: ';GPIO23;Entrance;bell.wav;contact;GPIO23;jouée;;2,5;', called: ';Office;bell.wav;personne ou programme;admin;jouée;;2,5;',
    failed: /;en échec;;2,5;pas de sortie son : la carte son a disparu$/,
  },
}

test('the journal tells what rings, as it rings', async ({ box, page, words: { t } }) => {
  const row = (name: string, cause = '') => page.getByRole('row', { name: new RegExp(`${name}.*${cause}`) })
  box.command('ring', 'OFFICE')
  await enter(page, box.url, 'journal')
  box.command('press', 'GPIO23')
  await expect(row('Entrance', t.byLine({ line: 'GPIO23' }))).toBeVisible()
  await field(page, t.search).fill('office')
  await expect(row('Entrance')).toBeHidden()
  await expect(row('Office', t.byCommand)).toBeVisible()
  // What rings meanwhile is shown only where it is asked for.
  box.command('release', 'GPIO23')
  box.command('press', 'GPIO23')
  box.command('ring', 'OFFICE')
  await expect(row('Office')).toHaveCount(2)
  await expect(row('Entrance')).toBeHidden()
  await field(page, t.outcome).selectOption('failed')
  await expect(page.getByText(t.noneFound)).toBeVisible()
})

test('what is asked for is found on all pages, and taken away as the spreadsheets of the language read it', async ({ old, page, words: { language, t } }) => {
  const sheet = SHEETS[language]
  async function save() {
    const [file] = await Promise.all([page.waitForEvent('download'), button(page, t.csv).click()])
    expect(file.suggestedFilename()).toMatch(/^beffroi-\d{4}-\d\d-\d\d\.csv$/)
    return readFileSync(await file.path(), 'utf8').split('\r\n')
  }
  await enter(page, old.url, 'journal')
  const rows = page.locator('tbody tr')
  const older = button(page, t.older)
  await expect(rows).toHaveCount(50)
  await older.click()
  await expect(rows).toHaveCount(100)
  await older.click()
  await expect(rows).toHaveCount(130)
  await expect(older).toBeHidden()
  await field(page, t.trigger).selectOption('OFFICE')
  await expect(rows).toHaveCount(13)
  const ofOffice = await save()
  expect(ofOffice).toHaveLength(1 + 13 + 1)
  const line = (number: number) => ofOffice.find((one) => one.startsWith(String(number)))
  expect(line(111)).toContain(sheet.called)
  expect(line(121)).toMatch(sheet.failed)
  await field(page, t.why).selectOption('line')
  await expect(page.getByText(t.noneFound)).toBeVisible()
  await field(page, t.trigger).selectOption('GPIO23')
  await expect(rows).toHaveCount(50)
  await older.click()
  await expect(rows).toHaveCount(100)
  await field(page, t.from).fill('2026-09-02')
  await expect(page.getByText(t.noneFound)).toBeVisible()
  await field(page, t.from).fill('2026-09-01')
  await expect(rows).toHaveCount(50)
  await field(page, t.to).fill('2026-08-31')
  await expect(page.getByText(t.noneFound)).toBeVisible()
  await field(page, t.to).fill('2026-09-01')
  await expect(rows).toHaveCount(50)
  const lines = await save()
  expect(lines).toHaveLength(1 + 117 + 1)
  if (typeof sheet.columns === 'string') expect(lines[0]).toBe(`\ufeff${sheet.columns}`)
  else expect(lines[0]).toMatch(sheet.columns)
  expect(lines[1]).toContain(sheet.first)
})
