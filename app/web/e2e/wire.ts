// The wire between a browser and a box: it can be held, cut and mended.
import { connect, createServer, type Server, type Socket } from 'node:net'

export class Wire {
  url = ''
  #server: Server
  #open = new Set<Socket>()
  #whole = true
  /** What may still pass towards the box, in bytes. */
  #room = Infinity
  #held: (() => void) | undefined
  #waiting: (() => void)[] = []

  private constructor(port: number) {
    this.#server = createServer((browser) => {
      if (!this.#whole) return void browser.destroy()
      const box = connect(port, '127.0.0.1')
      for (const [end, other] of [[browser, box], [box, browser]] as const) {
        this.#open.add(end)
        end.on('error', () => other.destroy())
        end.on('close', () => {
          this.#open.delete(end)
          other.destroy()
        })
      }
      box.pipe(browser)
      browser.on('data', (bytes) => {
        this.#room -= bytes.length
        box.write(bytes)
        if (this.#room > 0) return
        browser.pause()
        this.#waiting.push(() => browser.resume())
        this.#held?.()
      })
    })
  }

  /** A wire to the box at this address. */
  static async to(url: string): Promise<Wire> {
    const wire = new Wire(Number(new URL(url).port))
    await new Promise<void>((listening) => wire.#server.listen(0, '127.0.0.1', listening))
    const address = wire.#server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    wire.url = `https://127.0.0.1:${address.port}`
    return wire
  }

  /** Lets so much pass towards the box, then nothing: settles when that is so. */
  holdAfter(bytes: number): Promise<void> {
    this.#room = bytes
    return new Promise((held) => (this.#held = held))
  }

  cut() {
    this.#whole = false
    this.#room = Infinity
    this.#waiting = []
    for (const socket of this.#open) socket.destroy()
  }

  mend() {
    this.#whole = true
    this.#room = Infinity
    for (const resume of this.#waiting.splice(0)) resume()
  }

  async remove() {
    this.cut()
    await new Promise((closed) => this.#server.close(closed))
  }
}
