// The box's own sentences on the French page: beside fields, as reasons, in the journal.
import { Box, expect, PASSWORD, test } from './box'

test.use({ locale: 'fr-FR' })

test('what the box says is French on the French page, and English on the English one', async ({ page }) => {
  const trigger = { name: 'Cour', type: 'api', music_file: 'none.wav' }
  const box = await new Box({ username: 'admin', password: PASSWORD }, { triggers: { YARD: trigger, OFFICE: { ...trigger, name: 'Loge', music_file: 'bell.wav' } } }).start()
  try {
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
    await form.getByLabel('Commence à').fill('2')
    await form.getByLabel('Finit à').fill('1')
    await form.getByRole('button', { name: 'Enregistrer' }).click()
    await expect(form.getByText('1.0 vient avant le début, 2.0').or(form.getByText('1 vient avant le début, 2'))).toBeVisible()
    await form.getByLabel('Commence à').fill('99')
    await form.getByLabel('Finit à').fill('')
    await form.getByRole('button', { name: 'Enregistrer' }).click()
    await expect(form.getByText('99 vient après la fin de bell.wav, à 3.000')).toBeVisible()
    await form.getByRole('button', { name: 'Annuler' }).click()
    // What is wrong with a file.
    await page.getByRole('link', { name: 'Sons' }).click()
    await page.locator('input[type=file]').setInputFiles({ name: 'lettre.wav', mimeType: 'audio/wav', buffer: Buffer.from('no sound at all') })
    await expect(page.getByText(/^lettre\.wav: lettre\.wav n’est pas un son que cette boîte sait décoder/)).toBeVisible()
    await page.getByRole('button', { name: 'Supprimer: bell.wav' }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Supprimer' }).click()
    await expect(page.getByRole('dialog').getByText('bell.wav est joué par OFFICE')).toBeVisible()
  } finally {
    await box.stop()
    box.remove()
  }
})
