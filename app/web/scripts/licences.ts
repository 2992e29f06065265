// The licences of what is built into the page, as ui/licences.txt: who serves copies owes them.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const LICENCE = /^(licen[cs]e|notice|copying)|\.LICENSE\.txt$/i
const RULE = '='.repeat(80)

/** A plugin of Vite that writes them. */
export const licences = (): Plugin => ({
  name: 'licences',
  generateBundle(_options, bundle) {
    const files = Object.values(bundle).flatMap((part) => (part.type === 'chunk' ? part.moduleIds : []))
    const folders = files.flatMap((file) => /\/.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0] ?? [])
    const notices = [...new Set(folders)].sort().map((folder) => notice(folder, files.map((file) => file.replace(/\?.*/, ''))))
    this.emitFile({ type: 'asset', fileName: 'licences.txt', source: notices.join('\n') })
  },
})

function notice(folder: string, files: string[]): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const ours = files.filter((file) => file.startsWith(`${folder}/`))
  // A package may hold other builds too, each with a list of its own.
  const counts = (file: string) => !file.endsWith('.LICENSE.txt') || ours.includes(join(folder, file.replace('.LICENSE.txt', '')))
  const texts = readdirSync(folder).filter((file) => LICENCE.test(file) && counts(file)).sort().map((file) => readFileSync(join(folder, file), 'utf8').trim())
  if (texts.length === 0) throw new Error(`${folder} has no file with its licence`)
  const inside = new Set(ours.flatMap(bundled).filter((one) => one !== name))
  if (inside.size) texts.push(`It holds: ${[...inside].sort().join(', ')}.`)
  return [RULE, `${name} ${version} (${license})`, '', texts.join('\n\n'), ''].join('\n')
}

/** The packages that a package has bundled itself, by what its map says. */
function bundled(file: string): string[] {
  if (!existsSync(`${file}.map`)) return []
  const { sources } = JSON.parse(readFileSync(`${file}.map`, 'utf8')) as { sources: string[] }
  return sources.flatMap((source) => /node_modules\/((?:@[^/]+\/)?[^/]+)\/(?!.*node_modules)/.exec(source)?.[1] ?? [])
}
