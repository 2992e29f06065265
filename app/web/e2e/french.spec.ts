// The page's language: chosen, and one from top to bottom. The words of this file are written down once more on purpose.
import { expect, PASSWORD, test } from './box'
import { sentences, WORDS } from './words'

const trigger = { name: 'Cour', type: 'api', music_file: 'none.wav' }
test.use({ locale: 'fr-FR', conf: { triggers: { YARD: trigger, OFFICE: { ...trigger, name: 'Loge', music_file: 'bell.wav' } } } })

test('what the box says is French on the French page, and English on the English one @once', async ({ box, page }) => {
  await page.goto(box.url)
  await page.getByLabel('Mot de passe').fill('faux')
  await page.getByRole('button', { name: 'Se connecter' }).click()
  await expect(page.getByText('Le nom d’utilisateur ou le mot de passe est faux.')).toBeVisible()
  await page.getByLabel('Mot de passe').fill(PASSWORD)
  await page.getByRole('button', { name: 'Se connecter' }).click()
  // Why the box is not well.
  const reason = page.getByRole('listitem').filter({ hasText: 'none.wav' })
  await expect(reason).toHaveText('none.wav manque dans le dossier des sons')
  await page.getByLabel('Langue').selectOption('en')
  await expect(reason).toHaveText('none.wav is missing from the sound folder')
  await expect(page.getByText('Something needs care')).toBeVisible()
  await page.reload()
  await expect(reason).toHaveText('none.wav is missing from the sound folder')
  await page.getByLabel('Language').selectOption('fr')
  await expect(reason).toHaveText('none.wav manque dans le dossier des sons')
  // Why nothing rang, now and in the journal.
  await page.getByRole('button', { name: 'Sonner Cour' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'none.wav manque dans le dossier des sons' })).toBeVisible()
  await page.getByRole('link', { name: 'Journal' }).click()
  await expect(page.getByRole('row', { name: /Cour.*en échec.*none\.wav manque dans le dossier des sons/ })).toBeVisible()
  // What is wrong with a field.
  await page.getByRole('link', { name: 'Déclencheurs' }).click()
  await page.getByRole('button', { name: 'Modifier: Loge' }).click()
  const form = page.getByRole('dialog')
  await form.getByLabel('Commence à').fill('99')
  await form.getByRole('button', { name: 'Enregistrer' }).click()
  await expect(form.getByText('99 vient après la fin de bell.wav, à 3.000')).toBeVisible()
  await form.getByRole('button', { name: 'Annuler' }).click()
  await expect(form).toBeHidden()
  // What is wrong with a file.
  await page.getByRole('link', { name: 'Sons' }).click()
  await page.locator('input[type=file]').setInputFiles({ name: 'lettre.wav', mimeType: 'audio/wav', buffer: Buffer.from('no sound at all') })
  await expect(page.getByText(/^lettre\.wav: lettre\.wav n’est pas un son que cette boîte sait décoder/)).toBeVisible()
})

test('each word of the page has its French @once', () => {
  const french = sentences(WORDS.fr)
  const same = [...sentences(WORDS.en)].filter(([name, word]) => !french.get(name) || french.get(name) === word).map(([name]) => name)
  // Words of both languages, and what is given as an example.
  const both = ['t.journal', 't.volume', 't.version', 't.configuration', 't.pause', 's.tables', 's.date', 's.versions', 'imports.thisSchool', 'school.findHint']
  expect(same.sort()).toEqual(both.sort())
})
