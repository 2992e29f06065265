// Sounds: in, trimmed, tried, renamed; with what is really heard.
import type { Locator, Page } from '@playwright/test'
import { type Box, enter, expect, PROGRAM_HEADERS, test, tone } from './box'
import { Wire } from './wire'

test.use({ locale: 'en-GB' })

const picker = (page: Page) => page.locator('input[type=file]')
const edge = (of: Locator, side: 'left' | 'right') => of.locator(`[part~=region-handle-${side}]`)

/** Drags one edge of the selection to this part of the sound, 0 to 1. */
async function drag(page: Page, of: Locator, side: 'left' | 'right', to: number) {
  const wave = await of.locator('[part~=wrapper]').boundingBox()
  const handle = await edge(of, side).boundingBox()
  if (!wave || !handle) throw new Error('no waveform')
  const y = handle.y + handle.height / 2
  const grip = side === 'left' ? handle.x + 2 : handle.x + handle.width - 2
  await page.mouse.move(grip, y)
  await page.mouse.down()
  await page.mouse.move(wave.x + wave.width * to, y, { steps: 8 })
  await page.mouse.up()
}

/** How much is heard while this is done and until nothing plays any more. */
async function heard(box: Box, page: Page, act: () => Promise<void>): Promise<number> {
  const before = box.heardSeconds()
  const rung = (await journal(box, page))[0]?.id ?? 0
  await act()
  const over = async () => {
    const last = (await journal(box, page))[0]
    return last !== undefined && last.id > rung && last.outcome === 'played'
  }
  await expect.poll(over).toBe(true)
  // What the recording has not written yet is the last block.
  let last = -1
  await expect.poll(() => last === (last = box.heardSeconds()), { intervals: [300] }).toBe(true)
  return last - before
}

async function journal(box: Box, page: Page): Promise<{ id: number; outcome: string; trigger: string | null; name: string }[]> {
  return (await page.request.get(`${box.url}/api/journal`, { headers: PROGRAM_HEADERS })).json()
}

test('a dropped file is a sound', async ({ box, page }) => {
  await enter(page, box.url, 'sounds')
  await expect(page.getByRole('heading', { name: 'bell.wav' })).toBeVisible()
  const files = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], 'dropped.wav', { type: 'audio/wav' }))
    transfer.items.add(new File(['no sound'], 'letter.txt', { type: 'text/plain' }))
    return transfer
  }, tone(1).toString('base64'))
  const place = page.getByRole('region', { name: 'Add sounds' })
  await place.dispatchEvent('dragover', { dataTransfer: files })
  await expect(place).toHaveClass(/over/)
  await place.dispatchEvent('drop', { dataTransfer: files })
  await expect(page.getByText('dropped.wav is there.')).toBeVisible()
  await expect(page.getByText(/^letter\.txt: /)).toBeVisible()
  await expect(page.getByRole('heading', { name: 'dropped.wav' })).toBeVisible()
})

test('a link that is lost on the way is said beside the file, and the same is sent again', async ({ box, page }) => {
  const wire = await Wire.to(box.url)
  try {
    await enter(page, wire.url, 'sounds')
    const held = wire.holdAfter(400_000)
    await picker(page).setInputFiles({ name: 'long.wav', mimeType: 'audio/wav', buffer: tone(30) })
    await held
    await expect(page.getByRole('progressbar', { name: 'long.wav' })).toBeVisible()
    wire.cut()
    await expect(page.getByText('long.wav: the link was lost on the way, nothing was kept.')).toBeVisible()
    await expect(page.getByText('The link to the box is lost')).toBeVisible()
    await page.getByRole('button', { name: 'Try again: long.wav' }).click()
    await expect(page.getByText('long.wav: the link was lost on the way, nothing was kept.')).toBeVisible()
    wire.mend()
    // Nobody was signed out by it.
    await expect(page.getByText('The link to the box is lost')).toBeHidden({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Try again: long.wav' }).click()
    await expect(page.getByText('long.wav is there.')).toBeVisible()
    await expect(page.getByRole('heading', { name: 'long.wav' })).toBeVisible()
  } finally {
    await wire.remove()
  }
})

test('a cancelled upload leaves nothing, and may be sent again', async ({ box, page }) => {
  const wire = await Wire.to(box.url)
  try {
    await enter(page, wire.url, 'sounds')
    const held = wire.holdAfter(400_000)
    await picker(page).setInputFiles({ name: 'long.wav', mimeType: 'audio/wav', buffer: tone(30) })
    await held
    await page.getByRole('button', { name: 'Cancel: long.wav' }).click()
    await expect(page.getByText('long.wav: cancelled, nothing was kept.')).toBeVisible()
    wire.mend()
    await page.getByRole('button', { name: 'Try again: long.wav' }).click()
    await expect(page.getByText('long.wav is there.')).toBeVisible()
  } finally {
    await wire.remove()
  }
})

test('the edges that are dragged are what a trigger rings', async ({ box, page }) => {
  await enter(page, box.url, 'triggers')
  await page.getByRole('button', { name: 'Edit: Office' }).click()
  const form = page.getByRole('dialog')
  await expect(edge(form, 'left')).toBeVisible()
  await drag(page, form, 'left', 1 / 3)
  await drag(page, form, 'right', 2 / 3)
  await form.getByRole('button', { name: 'Save' }).click()
  await expect(form).toBeHidden()
  const { start_seconds, end_seconds } = box.conf().triggers.OFFICE
  expect(start_seconds).toBeCloseTo(1, 0.7)
  expect(end_seconds).toBeCloseTo(2, 0.7)
  const ring = () => page.getByRole('button', { name: 'Try: Office' }).click()
  expect(Math.abs((await heard(box, page, ring)) - (end_seconds - start_seconds))).toBeLessThan(0.1)
  // The same by keyboard: half a second less.
  await page.getByRole('button', { name: 'Edit: Office' }).click()
  const end = form.getByRole('slider', { name: 'End of what rings' })
  await end.focus()
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft')
  await expect(end).toHaveAttribute('aria-valuenow', String(Math.round((end_seconds - 0.5) * 100) / 100))
  await form.getByRole('button', { name: 'Save' }).press('Enter')
  await expect(form).toBeHidden()
  expect(box.conf().triggers.OFFICE.end_seconds).toBeCloseTo(end_seconds - 0.5, 1)
  expect(Math.abs((await heard(box, page, ring)) - (end_seconds - start_seconds - 0.5))).toBeLessThan(0.1)
})

test('a sound is tried on the box before any trigger has it', async ({ box, page }) => {
  await enter(page, box.url, 'sounds')
  await page.getByRole('button', { name: 'Listen: bell.wav' }).click()
  const start = page.getByRole('slider', { name: 'Start of what rings' })
  await start.focus()
  await page.keyboard.press('PageUp')
  const end = page.getByRole('slider', { name: 'End of what rings' })
  await end.focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(page.getByLabel('Starts at')).toHaveValue('1')
  await expect(page.getByLabel('Ends at')).toHaveValue('2')
  const ring = () => page.getByRole('button', { name: 'Ring on the box' }).click()
  expect(Math.abs((await heard(box, page, ring)) - 1)).toBeLessThan(0.1)
  await expect(page.getByText('The box plays bell.wav.')).toBeVisible()
  expect((await journal(box, page))[0]).toMatchObject({ trigger: null, name: 'bell.wav' })
  await page.getByLabel('Starts at').fill('9')
  await page.getByLabel('Ends at').fill('')
  await ring()
  await expect(page.getByLabel('Starts at')).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('link', { name: 'Journal' }).click()
  await expect(page.getByRole('row', { name: /bell\.wav a sound, tried.*admin.*played/ })).toBeVisible()
})

test('a renamed sound takes its triggers with it', async ({ box, page, request }) => {
  await enter(page, box.url, 'sounds')
  await picker(page).setInputFiles({ name: 'other.wav', mimeType: 'audio/wav', buffer: tone(1) })
  await expect(page.getByText('other.wav is there.')).toBeVisible()
  await page.getByRole('button', { name: 'Rename bell.wav' }).click()
  const form = page.getByRole('dialog')
  await expect(form.getByText('What rings it follows: GPIO23, OFFICE.')).toBeVisible()
  const name = form.getByLabel('New name')
  for (const [text, said] of [['other.wav', 'there is a sound other.wav already'], ['bell.mp3', 'does not end in .wav'], ['a/b.wav', 'not a bare file name']] as const) {
    await name.fill(text)
    await form.getByRole('button', { name: 'Rename' }).click()
    await expect(form.getByText(said)).toBeVisible()
    await expect(name).toHaveAttribute('aria-invalid', 'true')
  }
  // Somebody else replaces it while it is being renamed.
  await request.put(`${box.url}/api/sounds/bell.wav`, { data: tone(2), headers: PROGRAM_HEADERS })
  await name.fill('recess.wav')
  await form.getByRole('button', { name: 'Rename' }).click()
  await expect(form.getByText('Somebody else has changed this sound meanwhile')).toBeVisible()
  await form.getByRole('button', { name: 'Cancel' }).click()
  await page.getByRole('button', { name: 'Rename bell.wav' }).click()
  await name.fill('recess.wav')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'recess.wav' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'bell.wav' })).toBeHidden()
  expect(box.conf().triggers.GPIO23.music_file).toBe('recess.wav')
  expect(box.conf().triggers.OFFICE.music_file).toBe('recess.wav')
  const press = async () => box.command('press', 'GPIO23')
  expect(Math.abs((await heard(box, page, press)) - 2)).toBeLessThan(0.1)
})

test('what is too quiet or too loud is said', async ({ box, page }) => {
  await enter(page, box.url, 'sounds')
  await picker(page).setInputFiles([
    { name: 'loud.wav', mimeType: 'audio/wav', buffer: tone(1, 4) },
    { name: 'quiet.wav', mimeType: 'audio/wav', buffer: tone(1, 0.1) },
  ])
  await expect(page.getByText('loud.wav is there.')).toBeVisible()
  await expect(page.getByText('quiet.wav is there.')).toBeVisible()
  const card = (file: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: file }) })
  await expect(card('loud.wav').getByText('It distorts')).toBeVisible()
  await expect(card('quiet.wav').getByText('Much quieter than the other sounds.')).toBeVisible()
  await expect(card('bell.wav').getByText(/LUFS/)).toBeVisible()
  await expect(card('bell.wav').getByText(/distorts|quieter/)).toBeHidden()
})

test('of two people who bring the same name, the second is asked', async ({ box, page, request }) => {
  await enter(page, box.url, 'sounds')
  await expect(page.getByRole('heading', { name: 'bell.wav' })).toBeVisible()
  await request.put(`${box.url}/api/sounds/new.wav`, { data: tone(1), headers: PROGRAM_HEADERS })
  await picker(page).setInputFiles({ name: 'new.wav', mimeType: 'audio/wav', buffer: tone(2) })
  const question = page.getByRole('dialog')
  await expect(question.getByText('new.wav exists. Replace it?')).toBeVisible()
  await expect(page.getByText(/^1 s,/)).toBeVisible()
  await question.getByRole('button', { name: 'Replace' }).click()
  await expect(page.getByText('new.wav is there.')).toBeVisible()
  await expect(page.getByText(/^2 s,/)).toBeVisible()
})
