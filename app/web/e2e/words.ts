// The page's own words, as the page says them in each language: none is written down twice.
import { expect } from '@playwright/test'
import { type Language, ready, t } from '../src/lib/i18n'
import { box } from '../src/lib/words/box-fr'
import { w as editor } from '../src/views/schedule/editor/words'
import { w as imports } from '../src/views/schedule/import-words'
import { w as school } from '../src/views/schedule/school-words'
import { s } from '../src/views/schedule/words'

async function spoken(language: Language) {
  await ready(language)
  /** A sentence of the box, as box-fr.ts has it; of a place that is not filled, anything is taken. */
  const said = (sentence: string, places: Record<string, string> = {}): RegExp => {
    const french = box[sentence]
    if (!french || french === sentence) throw new Error(`the box's words have no French for: ${sentence}`)
    const parts = (language === 'fr' ? french : sentence).split(/\{(\w+)\}/)
    const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
    return new RegExp(parts.map((part, at) => (at % 2 === 0 ? literal(part) : literal(places[part] ?? '') || '.*')).join(''))
  }
  /** What the box says in both languages at once. */
  const both = <Text>(words: { en: Text; fr: Text }): Text => words[language]
  return { language, said, both, t: t.get(), s: s.get(), editor: editor.get(), imports: imports.get(), school: school.get() }
}

export const WORDS = { en: await spoken('en'), fr: await spoken('fr') }
export type Words = typeof WORDS.en

/** The words without places, by their names. */
export function sentences({ t, s, editor, imports, school }: Words): Map<string, string> {
  const all = Object.entries({ t, s, editor, imports, school }).flatMap(([of, words]) =>
    Object.entries(words).flatMap(([name, word]) => (typeof word === 'string' ? [[`${of}.${name}`, word] as const] : [])))
  return new Map(all)
}

/** What is never to be seen on a page of this language: the words of the other one. */
export function foreign({ language }: Words): string[] {
  const [own, other] = language === 'fr' ? [WORDS.fr, WORDS.en] : [WORDS.en, WORDS.fr]
  const ours = new Set([...sentences(own).values()].map((word) => word.toLowerCase()))
  // A letter may be anything's name.
  return [...sentences(other).values()].filter((word) => word.length > 1 && !ours.has(word.toLowerCase()))
}

export function expect_words_of(language: Language, seen: string[]) {
  const wrong = new Set(foreign(WORDS[language]))
  expect(seen.filter((text) => wrong.has(text)), `words of another language than ${language}`).toEqual([])
}
