// Packs what Vite has built, once and hard, so that the box never has to.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const PACKED = /\.(html|js|css|svg)$/

function pack(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) {
      pack(path)
    } else if (PACKED.test(name)) {
      const bytes = readFileSync(path)
      const smaller = (ending, packed) => packed.length < bytes.length && writeFileSync(`${path}.${ending}`, packed)
      smaller('gz', gzipSync(bytes, { level: 9 }))
      smaller('br', brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }))
    }
  }
}

pack(new URL('../dist/ui', import.meta.url).pathname)
