// Packs what Vite has built, once and hard, so that the box never has to; and hands the box the French words for what it says.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'
import { load } from './module.mjs'

const PACKED = /\.(html|js|css|svg|txt)$/

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
const { box } = await load('../src/lib/words/box-fr.ts')
writeFileSync(new URL('../dist/box-fr.json', import.meta.url), JSON.stringify(box))
