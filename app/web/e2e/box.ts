// A real box on the mock board, whose sound is recorded into a file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test as base } from '@playwright/test'
import { WORDS, type Words } from './words'

export const PASSWORD = 'correct horse'
export const PROGRAM = process.env.BEFFROI ?? fileURLToPath(new URL('../../../target/debug/beffroi', import.meta.url))
const RATE = 48_000

export class Box {
  readonly data = mkdtempSync(join(tmpdir(), 'beffroi-e2e-'))
  url = ''
  claimCode = ''
  #program: ChildProcess | undefined
  #port = 0

  /** `more` is what conf.json has besides. */
  constructor(auth: object, more: object = {}) {
    mkdirSync(join(this.data, 'musiques'))
    writeFileSync(join(this.data, 'musiques/bell.wav'), tone(3))
    const trigger = { name: 'Entrance', type: 'GPIO23', music_file: 'bell.wav' }
    writeFileSync(join(this.data, 'conf.json'), JSON.stringify({
      server: { host: '127.0.0.1', port: 0 }, auth,
      audio: { device: 'file:heard.wav' },
      triggers: { GPIO23: trigger, OFFICE: { ...trigger, name: 'Office', type: 'api' } },
      board: { kind: 'mock', lines: { GPIO24: { offset: 24 } } },
      ...more,
    }))
  }

  async start(): Promise<this> {
    if (this.#port) {
      const conf = this.conf()
      conf.server.port = this.#port
      writeFileSync(join(this.data, 'conf.json'), JSON.stringify(conf))
    }
    const program = spawn(PROGRAM, ['--data', this.data, 'run', '--board', 'mock'], {
      stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, NO_COLOR: '1', RUST_LOG: 'info' },
    })
    this.#program = program
    let log = ''
    await new Promise<void>((listening, failed) => {
      program.stderr?.on('data', (text: Buffer) => {
        log += text.toString()
        this.claimCode = /claim code is (\S+)/.exec(log)?.[1] ?? ''
        const port = /listening on https:\/\/127\.0\.0\.1:(\d+)/.exec(log)?.[1]
        const told = !log.includes('nobody has a password') || this.claimCode
        if (port && told && log.includes('its page')) {
          this.#port = Number(port)
          this.url = `https://127.0.0.1:${port}`
          listening()
        }
      })
      program.on('exit', () => failed(new Error(`the box ended:\n${log}`)))
    })
    return this
  }

  conf() {
    return JSON.parse(readFileSync(join(this.data, 'conf.json'), 'utf8'))
  }

  command(...parts: string[]) {
    execFileSync(PROGRAM, ['--data', this.data, ...parts])
  }

  async stop() {
    const program = this.#program
    if (!program || program.exitCode !== null) return
    program.removeAllListeners('exit')
    const ended = new Promise((ended) => program.once('exit', ended))
    program.kill('SIGTERM')
    await ended
  }

  /** How many seconds of sound, not silence, were heard so far. */
  heardSeconds(): number {
    const file = join(this.data, 'heard.wav')
    if (!existsSync(file)) return 0
    const bytes = readFileSync(file)
    const format = { float: bytes.readUInt16LE(20) === 3, channels: bytes.readUInt16LE(22), rate: bytes.readUInt32LE(24), bits: bytes.readUInt16LE(34) }
    const step = (format.bits / 8) * format.channels
    let loud = 0
    for (let at = 44; at + step <= bytes.length; at += step) {
      const sample = format.bits === 16 ? bytes.readInt16LE(at) / 32768 : format.float ? bytes.readFloatLE(at) : bytes.readInt32LE(at) / 2 ** 31
      if (Math.abs(sample) > 0.01) loud += 1
    }
    return loud / format.rate
  }

  remove() {
    rmSync(this.data, { recursive: true, force: true })
  }
}

/** A WAV that no silence is mistaken for; `gain` above 1.6 is cut off. */
export function tone(seconds: number, gain = 1): Buffer {
  const samples = Math.round(seconds * RATE)
  const wav = Buffer.alloc(44 + samples * 2)
  wav.write('RIFF', 0)
  wav.writeUInt32LE(36 + samples * 2, 4)
  wav.write('WAVEfmt ', 8)
  wav.writeUInt32LE(16, 16)
  wav.writeUInt16LE(1, 20)
  wav.writeUInt16LE(1, 22)
  wav.writeUInt32LE(RATE, 24)
  wav.writeUInt32LE(RATE * 2, 28)
  wav.writeUInt16LE(2, 32)
  wav.writeUInt16LE(16, 34)
  wav.write('data', 36)
  wav.writeUInt32LE(samples * 2, 40)
  for (let i = 0; i < samples; i++) {
    const sample = gain * Math.sin(i / 8 + 0.5) * (12_000 + 8_000 * Math.sin(i / 9000))
    wav.writeInt16LE(Math.max(-32_768, Math.min(32_767, Math.round(sample))), 44 + i * 2)
  }
  return wav
}

async function running(auth: object, more: object, use: (box: Box) => Promise<void>) {
  const box = await new Box(auth, more).start()
  try {
    await use(box)
  } finally {
    await box.stop()
    box.remove()
  }
}

interface Fixtures {
  /** What conf.json has besides. */
  conf: object
  /** One with a password. */
  box: Box
  /** One that nobody has claimed. */
  fresh: Box
  /** The page's words in the language of the browser. */
  words: Words
}
export const test = base.extend<Fixtures>({
  conf: [{}, { option: true }],
  box: ({ conf }, use) => running({ username: 'admin', password: PASSWORD }, conf, use),
  fresh: ({ conf }, use) => running({ username: 'admin' }, conf, use),
  // LATE: each answer comes up to so many milliseconds late, in any order.
  context: async ({ context }, use) => {
    const late = Number(process.env.LATE ?? 0)
    if (late) await context.route('**', async (route) => {
      await new Promise((passed) => setTimeout(passed, Math.random() * late))
      await route.fallback().catch(() => undefined)
    })
    await use(context)
  },
  words: ({ locale }, use) => use(locale?.startsWith('fr') ? WORDS.fr : WORDS.en),
})
export { expect, type Locator, type Page } from '@playwright/test'

/** What a program sends to be let in. */
export const PROGRAM_HEADERS = { Authorization: `Basic ${Buffer.from(`admin:${PASSWORD}`).toString('base64')}` }
