// French and English: the browser's language, or the one that was chosen here.
import { createI18n, formatter, translationsLoading } from '@nanostores/i18n'
import { atom, computed } from 'nanostores'
import { translator } from './box-words'
import { en } from './words/en'

const KEY = 'beffroi.language'
const LANGUAGES = ['en', 'fr'] as const
export type Language = (typeof LANGUAGES)[number]

export const language = atom<Language>('en')
export const format = formatter(language)

const french = atom((sentence: string) => sentence)

/** What the box has said, in the language of the page. */
export const inWords = computed([language, french], (language, french) => (language === 'fr' ? french : (sentence: string) => sentence))

const i18n = createI18n(language, {
  async get() {
    const [{ fr }, { box }] = await Promise.all([import('./words/fr'), import('./words/box-fr')])
    french.set(translator(box))
    return { page: fr }
  },
})

/** Every word of the page. */
export const t = i18n('page', en)

export function choose(chosen: Language) {
  localStorage.setItem(KEY, chosen)
  language.set(chosen)
}

/** Until the words are there, nothing is shown. */
export async function ready(first = wanted()) {
  language.set(first)
  t.listen(() => {}) // words are fetched for who listens
  if (first !== 'en') await translationsLoading(i18n)
}

function wanted(): Language {
  // `fr-CH` is French too.
  const all = [localStorage.getItem(KEY) ?? '', ...navigator.languages].map((one) => one.split('-')[0])
  return all.map((one) => LANGUAGES.find((language) => language === one)).find(Boolean) ?? 'en'
}
