// A module of the page, for a script: without a build.
import { readFileSync } from 'node:fs'
import { transformWithEsbuild } from 'vite'

/** What a file of TypeScript exports that imports nothing. */
export async function load(file) {
  const path = new URL(file, import.meta.url)
  const { code } = await transformWithEsbuild(readFileSync(path, 'utf8'), path.pathname, { format: 'esm', sourcemap: false })
  return import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`)
}
