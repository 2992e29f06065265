// src/lib/api-types.ts from openapi.json; with --check, says whether it is stale.
import { readFileSync, writeFileSync } from 'node:fs'
import openapi, { astToString } from 'openapi-typescript'

const description = new URL('../openapi.json', import.meta.url)
const types = new URL('../src/lib/api-types.ts', import.meta.url)
const head = '// Written by `make types` from openapi.json: not by hand.\n'
const wanted = head + astToString(await openapi(description))

if (process.argv.includes('--check')) {
  if (readFileSync(types, 'utf8') !== wanted) {
    console.error('src/lib/api-types.ts is stale: run `make types`')
    process.exit(1)
  }
} else {
  writeFileSync(types, wanted)
}
