// Whether each sentence that the box says to people has French words, and each of those is still said.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from './module.mjs'

const root = new URL('../../../', import.meta.url).pathname
const { box } = await load('../src/lib/words/box-fr.ts')
const { translator } = await load('../src/lib/box-words.ts')

// Where sentences come from that reach the page.
const ROOMS = ['app/src/schedule', 'app/src/almanac', 'app/src/calendar/official', ...['holidays', 'ical', 'site', 'text'].map((file) => `app/src/calendar/${file}.rs`),
  'app/src/engine', 'app/src/bell', 'app/src/player', 'app/src/sounds', 'app/src/store', 'app/src/backup', 'app/src/http/api', 'app/src/http/auth',
  'app/src/http/tls', 'app/src/http/problem.rs', 'app/src/http/body.rs', 'app/src/http/guard.rs', 'boards/src',
  'app/src/proposal', 'app/src/calendar/import.rs', 'app/src/gateway/refusal.rs', 'app/src/gateway/limits/wait.rs', 'app/src/gateway/reach/forbidden.rs',
  'pronote/src/address.rs', 'pronote/src/http/error.rs', 'pronote/src/protocol/start_page.rs']
// What is said in both languages at once.
const PAIRS = /src\/schedule\/(words\/|tables\/mod|feed)/
// What is said elsewhere: to programs, on the command line, in a file.
const ELSEWHERE = /\/(tests?|testing|full_disk|storm|init|metrics|docs|sheet|page)(\.rs|\/)|\/tests\.rs$/
const NO_SENTENCES = [
  /^[^ ]*$/, /^[\W\d]*$/, /^(\{[^}]*\}|\W|Hz)*$/, // no words, or only places
  /^[\w-]+=/, /=\{|default-src|charset=|filename=|realm=/, // headers
  /^(Bouton entree|Raspberry Pi|Beffroi self-signed)$/, // names
  /^(reading|writing|opening|looking at|listing|deleting|taking|renaming|changing|showing|setting|verifying|signing|answering|making|installing|comparing|closing|looking ahead|explaining|proposing|asking|going back|the client has gone)\b/, // what failed: for the log
  /^it could not be written to meanwhile$|^it is written to all the time$/, // for the log
  /^no event asks|^it is not in force( after|$)|^line \{line\} has been active/, // for the log
  /^(a new|no fresh) school calendar$|^the school calendar has not changed$/, // for the log
  /^(found \{0:\?\}, expected a bell's id|week \{monday\}$)/, // to programs
  /^(start date|end date|date de (debut|fin)|premier degre|second degre|Début des ) ?$|^ \(school bell; weekly\)$/, // what files say, and what servers are told
  /^[A-Z, ]+$/, /^-----/, // methods, PEM
  /^(Début|Reprise|Changement|Fin)( de| des)? cours$/, // in French already: what bells are for
  /^(IP|site|navigateur) (est |n)/, // what PRONOTE's pages say
  /^not (found|replyable)$|^another request of this token|^internal error$|^too many (requests|failed logins) (from|of) this/, // to apps of pupils
  /^\{\} at \{\}$/, /^conf\.json \{reason\}$/, // names of things
]

function files(path) {
  if (path.endsWith('.rs')) return [path]
  return readdirSync(join(root, path), { withFileTypes: true }).flatMap((one) =>
    one.isDirectory() || one.name.endsWith('.rs') ? files(`${path}/${one.name}`) : [])
}

/** The texts of a file of Rust, but not those of its tests, comments, logs and descriptions. */
function texts(file) {
  const code = readFileSync(join(root, file), 'utf8')
    .replace(/#\[cfg\(test\)\]\nmod tests \{[^]*$/, '')
    .replace(/^\s*\/\/.*$/gm, '')
    .replace(/#\[utoipa::path\([^]*?\)\]\n(pub )?(async )?fn/g, 'fn')
    .replace(/#\[(schema|expect)\([^]*?\)\]/g, '')
    .replace(/(tracing::)?\b(warn|info|error|debug)!\([^]*?\);/g, '')
    .replace(/\.expect\([^]*?\)/g, '')
  return [...code.matchAll(/(?<!')"((?:[^"\\]|\\.)*)"/gs)].map(([, text]) => unescape(text))
}

const unescape = (text) => text.replace(/\\\n\s*/g, '').replace(/\\(.)/g, '$1')
/** A sentence with something in its places. */
const filled = (text) => text.replace(/\{\{|\}\}/g, '').replace(/(?<=[a-z])\{[^}]*\}/g, 's').replace(/\{[^}]*\}/g, 'X')

const found = ROOMS.flatMap(files).filter((file) => !ELSEWHERE.test(file) && !PAIRS.test(file)).flatMap((file) => texts(file).map((text) => ({ file, text })))
const problems = []
for (const { file, text } of found) {
  if (NO_SENTENCES.some((form) => form.test(text))) continue
  // What is said of a sound or a file stands after its name.
  const missing = [filled(text), `X ${filled(text)}`, `X; ${filled(text)}`].map((sentence) => {
    const unknown = []
    translator(box, (part) => (/[a-z] |[^:] [a-z]/.test(part) && unknown.push(part), part))(sentence)
    return unknown
  })
  if (missing.every((unknown) => unknown.length)) problems.push(`${file}: no French words for: ${text}`)
}
const places = (text) => [...text.matchAll(/\{(\w+)\}/g)].map((place) => place[1])
for (const [key, words] of Object.entries(box)) {
  const strange = places(words).filter((name) => !places(key).includes(name))
  if (strange.length) problems.push(`box-fr.ts: ${key}: {${strange}} is nothing that is said`)
}
// What nobody says any more is taken away.
const forms = found.map(({ text }) => {
  const parts = text.replace(/\{\{|\}\}/g, '').split(/\{[^}]*\}/)
  return new RegExp(`^(X:? |X; )?${parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.*?')}$`, 's')
}).filter((form) => /[a-z]{2}/.test(form.source))
for (const key of Object.keys(box)) {
  const sample = filled(key)
  if (/[a-z]{2}/.test(sample) && !forms.some((form) => form.test(sample))) problems.push(`box-fr.ts: nobody says: ${key}`)
}

if (problems.length) {
  console.error([...new Set(problems)].join('\n'))
  process.exit(1)
}
