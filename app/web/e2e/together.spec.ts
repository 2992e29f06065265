// Two people at once, and links that come and go.
import { expect, test } from './box'
import { button, enter, field, sign_in } from './hands'
import { Wire } from './wire'

test('of two who edit one trigger on two screens, the second is told', async ({ box, page, browser, words: { t } }) => {
  const office = await browser.newContext()
  try {
    const other = await office.newPage()
    for (const screen of [page, other]) {
      await enter(screen, box.url, 'triggers')
      await button(screen, `${t.edit}: Entrance`).click()
    }
    const [mine, theirs] = [page.getByRole('dialog'), other.getByRole('dialog')]
    await field(mine, t.name).fill('Mine')
    await field(theirs, t.name).fill('Theirs')
    await button(theirs, t.save).click()
    await expect(theirs).toBeHidden()
    await button(mine, t.save).click()
    await expect(mine.getByText(t.changedMeanwhile)).toBeVisible()
    await expect(field(mine, t.name)).toHaveValue('Mine')
    expect(box.conf().triggers.GPIO23.name).toBe('Theirs')
    // Looked at again, it is theirs, and may be edited.
    await button(mine, t.cancel).click()
    await expect(mine).toBeHidden()
    await page.getByRole('button', { name: new RegExp(`^${t.edit}: (Entrance|Theirs)$`) }).click()
    await expect(field(mine, t.name)).toHaveValue('Theirs')
    await field(mine, t.name).fill('Mine after all')
    await button(mine, t.save).click()
    await expect(mine).toBeHidden()
    expect(box.conf().triggers.GPIO23.name).toBe('Mine after all')
  } finally {
    await office.close()
  }
})

test('a sign-in that ends in mid-edit leaves the edit, and it is saved afterwards', async ({ box, page, context, words }) => {
  const { t } = words
  await enter(page, box.url, 'triggers')
  await button(page, `${t.edit}: Entrance`).click()
  const form = page.getByRole('dialog').filter({ hasText: t.editTrigger({ name: 'Entrance' }) })
  await field(form, t.name).fill('Gate')
  await field(form, t.ends).fill('2.5')
  await context.clearCookies()
  await button(form, t.save).click()
  const door = page.getByRole('dialog', { name: t.signInAgain })
  await sign_in(door, words)
  await expect(door).toBeHidden()
  await expect(field(form, t.name)).toHaveValue('Gate')
  await button(form, t.save).click()
  await expect(form).toBeHidden()
  expect(box.conf().triggers.GPIO23).toMatchObject({ name: 'Gate', end_seconds: 2.5 })
})

test('a link that is cut is said, an edit survives it, and what rang meanwhile is there', async ({ box, page, words: { t } }) => {
  const wire = await Wire.to(box.url)
  try {
    await enter(page, wire.url, 'triggers')
    await button(page, `${t.edit}: Entrance`).click()
    const form = page.getByRole('dialog')
    await field(form, t.name).fill('Gate')
    wire.cut()
    await button(form, t.save).click()
    await expect(form.getByText(t.unreachable)).toBeVisible()
    await expect(page.getByText(t.linkLost)).toBeAttached()
    box.command('ring', 'OFFICE')
    wire.mend()
    await expect(page.getByText(t.linkLost)).not.toBeAttached({ timeout: 30_000 })
    await button(form, t.save).click()
    await expect(form).toBeHidden()
    expect(box.conf().triggers.GPIO23.name).toBe('Gate')
    await page.getByRole('link', { name: t.journal }).click()
    await expect(page.getByRole('row', { name: new RegExp(`Office.*${t.byCommand}`) })).toBeVisible()
  } finally {
    await wire.remove()
  }
})
