// Two people at once, and links that come and go.
import { enter, expect, PASSWORD, test } from './box'
import { Wire } from './wire'

test.use({ locale: 'en-GB' })

test('of two who edit one trigger on two screens, the second is told', async ({ box, page, browser }) => {
  const office = await browser.newContext({ ignoreHTTPSErrors: true, locale: 'en-GB' })
  try {
    const other = await office.newPage()
    for (const screen of [page, other]) {
      await enter(screen, box.url, 'triggers')
      await screen.getByRole('button', { name: 'Edit: Entrance' }).click()
    }
    const [mine, theirs] = [page.getByRole('dialog'), other.getByRole('dialog')]
    await mine.getByLabel('Name').fill('Mine')
    await theirs.getByLabel('Name').fill('Theirs')
    await theirs.getByRole('button', { name: 'Save' }).click()
    await expect(theirs).toBeHidden()
    await mine.getByRole('button', { name: 'Save' }).click()
    await expect(mine.getByText('Somebody else has changed this trigger meanwhile')).toBeVisible()
    await expect(mine.getByLabel('Name')).toHaveValue('Mine')
    expect(box.conf().triggers.GPIO23.name).toBe('Theirs')
    // Looked at again, it is theirs, and may be edited.
    await mine.getByRole('button', { name: 'Cancel' }).click()
    await page.getByRole('button', { name: /^Edit: (Entrance|Theirs)$/ }).click()
    await expect(mine.getByLabel('Name')).toHaveValue('Theirs')
    await mine.getByLabel('Name').fill('Mine after all')
    await mine.getByRole('button', { name: 'Save' }).click()
    await expect(mine).toBeHidden()
    expect(box.conf().triggers.GPIO23.name).toBe('Mine after all')
  } finally {
    await office.close()
  }
})

test('a sign-in that ends in mid-edit leaves the edit, and it is saved afterwards', async ({ box, page, context }) => {
  await enter(page, box.url, 'triggers')
  await page.getByRole('button', { name: 'Edit: Entrance' }).click()
  const form = page.getByRole('dialog').filter({ hasText: 'Edit Entrance' })
  await form.getByLabel('Name').fill('Gate')
  await form.getByLabel('Ends at').fill('2.5')
  await context.clearCookies()
  await form.getByRole('button', { name: 'Save' }).click()
  const door = page.getByRole('dialog', { name: 'Sign in again' })
  await door.getByLabel('Password').fill(PASSWORD)
  await door.getByRole('button', { name: 'Sign in' }).click()
  await expect(door).toBeHidden()
  await expect(form.getByLabel('Name')).toHaveValue('Gate')
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toBeHidden()
  expect(box.conf().triggers.GPIO23).toMatchObject({ name: 'Gate', end_seconds: 2.5 })
})

test('a link that is cut is said, an edit survives it, and what rang meanwhile is there', async ({ box, page }) => {
  const wire = await Wire.to(box.url)
  try {
    await enter(page, wire.url, 'triggers')
    await page.getByRole('button', { name: 'Edit: Entrance' }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Name').fill('Gate')
    wire.cut()
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form.getByText('The box cannot be reached. Nothing was done; try again.')).toBeVisible()
    await expect(page.getByText('The link to the box is lost')).toBeAttached()
    box.command('ring', 'OFFICE')
    wire.mend()
    await expect(page.getByText('The link to the box is lost')).not.toBeAttached({ timeout: 30_000 })
    await form.getByRole('button', { name: 'Save' }).click()
    await expect(form).toBeHidden()
    expect(box.conf().triggers.GPIO23.name).toBe('Gate')
    await page.getByRole('link', { name: 'Journal' }).click()
    await expect(page.getByRole('row', { name: /Office.*a command on the box/ })).toBeVisible()
  } finally {
    await wire.remove()
  }
})
