// Sounds: in, trimmed, tried, renamed; with what is really heard.
import type { Locator, Page } from '@playwright/test'
import { type Box, expect, PROGRAM_HEADERS, test, tone } from './box'
import { button, enter, field, is_wrong } from './hands'
import { Wire } from './wire'

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

test('a dropped file is a sound', async ({ box, page, words: { t, said } }) => {
  await enter(page, box.url, 'sounds')
  await expect(page.getByRole('heading', { name: 'bell.wav' })).toBeVisible()
  const files = await page.evaluateHandle((base64) => {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))
    const transfer = new DataTransfer()
    transfer.items.add(new File([bytes], 'dropped.wav', { type: 'audio/wav' }))
    transfer.items.add(new File(['no sound'], 'letter.txt', { type: 'text/plain' }))
    return transfer
  }, tone(1).toString('base64'))
  const place = page.getByRole('region', { name: t.upload })
  await place.dispatchEvent('dragover', { dataTransfer: files })
  await expect(place).toHaveClass(/over/)
  await place.dispatchEvent('drop', { dataTransfer: files })
  await expect(page.getByText(t.uploaded({ file: 'dropped.wav' }))).toBeVisible()
  await expect(page.getByText(said('{name} does not end in .mp3, .wav, .flac, .ogg or .m4a', { name: '"letter.txt"' }))).toBeVisible()
  await expect(page.getByRole('heading', { name: 'dropped.wav' })).toBeVisible()
})

test('a link that is lost on the way is said beside the file, and the same is sent again', async ({ box, page, words: { t, said } }) => {
  const wire = await Wire.to(box.url)
  try {
    await enter(page, wire.url, 'sounds')
    const held = wire.holdAfter(400_000)
    await picker(page).setInputFiles({ name: 'long.wav', mimeType: 'audio/wav', buffer: tone(30) })
    await held
    await expect(page.getByRole('progressbar', { name: 'long.wav' })).toBeVisible()
    wire.cut()
    await expect(page.getByText(t.uploadLost({ file: 'long.wav' }))).toBeVisible()
    await expect(page.getByText(t.linkLost)).toBeVisible()
    await button(page, `${t.tryAgain}: long.wav`).click()
    await expect(page.getByText(t.uploadLost({ file: 'long.wav' }))).toBeVisible()
    wire.mend()
    // Nobody was signed out by it.
    await expect(page.getByText(t.linkLost)).toBeHidden({ timeout: 30_000 })
    await button(page, `${t.tryAgain}: long.wav`).click()
    await expect(page.getByText(t.uploaded({ file: 'long.wav' }))).toBeVisible()
    await expect(page.getByRole('heading', { name: 'long.wav' })).toBeVisible()
  } finally {
    await wire.remove()
  }
})

test('a cancelled upload leaves nothing, and may be sent again', async ({ box, page, words: { t, said } }) => {
  const wire = await Wire.to(box.url)
  try {
    await enter(page, wire.url, 'sounds')
    const held = wire.holdAfter(400_000)
    await picker(page).setInputFiles({ name: 'long.wav', mimeType: 'audio/wav', buffer: tone(30) })
    await held
    await button(page, `${t.cancel}: long.wav`).click()
    await expect(page.getByText(t.uploadCancelled({ file: 'long.wav' }))).toBeVisible()
    wire.mend()
    await button(page, `${t.tryAgain}: long.wav`).click()
    await expect(page.getByText(t.uploaded({ file: 'long.wav' }))).toBeVisible()
  } finally {
    await wire.remove()
  }
})

test('the edges that are dragged are what a trigger rings', async ({ box, page, words: { t, said } }) => {
  await enter(page, box.url, 'triggers')
  await button(page, `${t.edit}: Office`).click()
  const form = page.getByRole('dialog')
  await expect(edge(form, 'left')).toBeVisible()
  await drag(page, form, 'left', 1 / 3)
  await drag(page, form, 'right', 2 / 3)
  await button(form, t.save).click()
  await expect(form).toBeHidden()
  const { start_seconds, end_seconds } = box.conf().triggers.OFFICE
  expect(start_seconds).toBeCloseTo(1, 0.7)
  expect(end_seconds).toBeCloseTo(2, 0.7)
  const ring = () => button(page, `${t.tryIt}: Office`).click()
  expect(Math.abs((await heard(box, page, ring)) - (end_seconds - start_seconds))).toBeLessThan(0.1)
  // The same by keyboard: half a second less.
  await button(page, `${t.edit}: Office`).click()
  const end = form.getByRole('slider', { name: t.endEdge })
  await end.focus()
  for (let press = 0; press < 5; press++) await page.keyboard.press('ArrowLeft')
  await expect(end).toHaveAttribute('aria-valuenow', String(Math.round((end_seconds - 0.5) * 100) / 100))
  await button(form, t.save).press('Enter')
  await expect(form).toBeHidden()
  expect(box.conf().triggers.OFFICE.end_seconds).toBeCloseTo(end_seconds - 0.5, 1)
  expect(Math.abs((await heard(box, page, ring)) - (end_seconds - start_seconds - 0.5))).toBeLessThan(0.1)
})

test('a sound is tried on the box before any trigger has it', async ({ box, page, words: { t, said } }) => {
  await enter(page, box.url, 'sounds')
  await button(page, `${t.listen}: bell.wav`).click()
  const start = page.getByRole('slider', { name: t.startEdge })
  await start.focus()
  await page.keyboard.press('PageUp')
  const end = page.getByRole('slider', { name: t.endEdge })
  await end.focus()
  await page.keyboard.press('Shift+ArrowLeft')
  await expect(field(page, t.starts)).toHaveValue('1')
  await expect(field(page, t.ends)).toHaveValue('2')
  const ring = () => button(page, t.ringOnBox).click()
  expect(Math.abs((await heard(box, page, ring)) - 1)).toBeLessThan(0.1)
  await expect(page.getByText(t.ringsOnBox({ file: 'bell.wav' }))).toBeVisible()
  expect((await journal(box, page))[0]).toMatchObject({ trigger: null, name: 'bell.wav' })
  await field(page, t.starts).fill('9')
  await field(page, t.ends).fill('')
  await ring()
  await expect(field(page, t.starts)).toHaveAttribute('aria-invalid', 'true')
  await page.getByRole('link', { name: t.journal }).click()
  await expect(page.getByRole('row', { name: new RegExp(`bell\\.wav ${t.soundTried}.*admin.*${t.played}`) })).toBeVisible()
})

test('a renamed sound takes its triggers with it', async ({ box, page, request, words: { t, said } }) => {
  await enter(page, box.url, 'sounds')
  await picker(page).setInputFiles({ name: 'other.wav', mimeType: 'audio/wav', buffer: tone(1) })
  await expect(page.getByText(t.uploaded({ file: 'other.wav' }))).toBeVisible()
  await button(page, t.renameSound({ file: 'bell.wav' })).click()
  const form = page.getByRole('dialog')
  await expect(form.getByText(t.newNameHint({ ending: 'wav', names: 'GPIO23, OFFICE' }))).toBeVisible()
  const name = field(form, t.newName)
  for (const [text, wrong] of [
    ['other.wav', said('there is a sound {sound} already', { sound: 'other.wav' })],
    ['bell.mp3', said('{name} does not end in .{ending}, as {sound} does', { name: 'bell.mp3', ending: 'wav' })],
    ['a/b.wav', said("{name} is not a bare file name: no '/', no '\\', no leading '.', at most 200 bytes", { name: '"a/b.wav"' })],
  ] as const) {
    await name.fill(text)
    await button(form, t.rename).click()
    await is_wrong(name, wrong)
  }
  // Somebody else replaces it while it is being renamed.
  await request.put(`${box.url}/api/sounds/bell.wav`, { data: tone(2), headers: PROGRAM_HEADERS })
  await name.fill('recess.wav')
  await button(form, t.rename).click()
  await expect(form.getByText(t.soundChanged)).toBeVisible()
  await button(form, t.cancel).click()
  await expect(form).toBeHidden()
  await button(page, t.renameSound({ file: 'bell.wav' })).click()
  await name.fill('recess.wav')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('heading', { name: 'recess.wav' })).toBeVisible()
  await expect(page.getByRole('heading', { name: 'bell.wav' })).toBeHidden()
  expect(box.conf().triggers.GPIO23.music_file).toBe('recess.wav')
  expect(box.conf().triggers.OFFICE.music_file).toBe('recess.wav')
  const press = async () => box.command('press', 'GPIO23')
  expect(Math.abs((await heard(box, page, press)) - 2)).toBeLessThan(0.1)
})

test('what is too quiet or too loud is said', async ({ box, page, words: { t, said } }) => {
  await enter(page, box.url, 'sounds')
  await picker(page).setInputFiles([
    { name: 'loud.wav', mimeType: 'audio/wav', buffer: tone(1, 4) },
    { name: 'quiet.wav', mimeType: 'audio/wav', buffer: tone(1, 0.1) },
  ])
  await expect(page.getByText(t.uploaded({ file: 'loud.wav' }))).toBeVisible()
  await expect(page.getByText(t.uploaded({ file: 'quiet.wav' }))).toBeVisible()
  const card = (file: string) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: file }) })
  await expect(card('loud.wav').getByText(t.clips)).toBeVisible()
  await expect(card('quiet.wav').getByText(t.muchQuieter)).toBeVisible()
  await expect(card('bell.wav').getByText(/LUFS/)).toBeVisible()
  for (const remark of [t.clips, t.muchQuieter]) await expect(card('bell.wav').getByText(remark)).toBeHidden()
})

test('of two people who bring the same name, the second is asked', async ({ box, page, request, words: { t, said } }) => {
  await enter(page, box.url, 'sounds')
  await expect(page.getByRole('heading', { name: 'bell.wav' })).toBeVisible()
  await request.put(`${box.url}/api/sounds/new.wav`, { data: tone(1), headers: PROGRAM_HEADERS })
  await picker(page).setInputFiles({ name: 'new.wav', mimeType: 'audio/wav', buffer: tone(2) })
  const question = page.getByRole('dialog')
  await expect(question.getByText(t.replaceSound({ file: 'new.wav' }))).toBeVisible()
  await expect(page.getByText(/^1 s,/)).toBeVisible()
  await button(question, t.replace).click()
  await expect(page.getByText(t.uploaded({ file: 'new.wav' }))).toBeVisible()
  await expect(page.getByText(/^2 s,/)).toBeVisible()
})
