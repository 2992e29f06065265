// What happens on the box, as it happens.
import { type Cause, get, type Health, type Line, type LineNews, type Playback } from './api'
import { inWords } from './i18n'
import { session } from './session.svelte'

type News = Playback & { outcome: string; reason?: string }

/** How long to wait before a link that the box has refused is tried again. */
const AGAIN_MS = 3000

class Live {
  /** In the language of the page. */
  health = $state<Health>()
  /** Whether what is shown is what is. `undefined` before the first answer. */
  linked = $state<boolean>()
  /** The lines by their key. */
  lines = $state<Record<string, Line>>({})
  /** Grows with every playback that starts or ends. */
  rings = $state(0)
  /** How far what plays has come. */
  position = $state(0)

  #said: Health | undefined
  #source: EventSource | undefined
  #begun = 0
  /** What the lines have told since they were asked for. */
  #news: Record<string, Line> = {}
  #frame = 0
  #presses = new Set<(line: string) => void>()

  constructor() {
    inWords.listen(() => this.#tell())
  }

  start() {
    this.stop()
    const source = new EventSource('/api/events')
    this.#source = source
    source.addEventListener('open', () => {
      this.linked = true
      void this.#readLines()
    })
    source.addEventListener('error', () => {
      this.linked = false
      if (source.readyState === EventSource.CLOSED) this.#retry()
    })
    source.addEventListener('status', (event) => this.#status(JSON.parse(event.data)))
    source.addEventListener('line', (event) => this.#line(JSON.parse(event.data)))
    source.addEventListener('playback', () => (this.rings += 1))
  }

  stop() {
    this.#source?.close()
    this.#source = undefined
    cancelAnimationFrame(this.#frame)
  }

  /** Calls `pressed` with each line that becomes active; returns what ends that. */
  onPress(pressed: (line: string) => void): () => void {
    this.#presses.add(pressed)
    return () => this.#presses.delete(pressed)
  }

  #retry() {
    const source = this.#source
    setTimeout(async () => {
      if (this.#source !== source) return
      // An `EventSource` does not tell why it was refused; this does.
      await get('/api/lines').catch(() => undefined)
      if (this.#source === source && session.user && !session.expired) this.start()
      else if (this.#source === source) this.#retry()
    }, AGAIN_MS)
  }

  async #readLines() {
    const news: Record<string, Line> = (this.#news = {})
    const lines = await get<Line[]>('/api/lines').catch(() => [])
    if (news !== this.#news) return
    this.lines = { ...Object.fromEntries(lines.map((line) => [keyOf(line), line])), ...news }
  }

  #tell() {
    const said = this.#said
    const words = inWords.get()
    const detailed = <T extends { detail: string }>(one: T) => ({ ...one, detail: words(one.detail) })
    this.health = said && {
      ...said, reasons: said.reasons.map(words), audio: detailed(said.audio),
      board: { ...said.board, boards: said.board.boards.map(detailed) },
    }
  }

  #status(health: Health) {
    this.#said = health
    this.#tell()
    cancelAnimationFrame(this.#frame)
    if (!health.playing) return
    this.#begun = performance.now() - health.playing.position_seconds * 1000
    this.#tick()
  }

  #tick() {
    const playing = this.health?.playing
    if (!playing) return
    this.position = Math.min((performance.now() - this.#begun) / 1000, playing.seconds)
    this.#frame = requestAnimationFrame(() => this.#tick())
  }

  #line(news: LineNews & Line) {
    const line = { ...news, stuck: false }
    this.lines[keyOf(news)] = this.#news[keyOf(news)] = line
    if ((news.state === 'active' || news.momentary) && 'line' in news) {
      for (const pressed of this.#presses) pressed(String(news.line))
    }
  }
}

function keyOf(cause: Cause): string {
  return 'line' in cause ? `${cause.kind} ${cause.line}` : cause.kind
}

export const live = new Live()
export type { News }
