// The box speaks English; on the French page each of its sentences is looked up, as gettext does.
// One that is not known stays as the box has said it.

interface Pattern {
  form: RegExp
  names: string[]
  words: string
  /** How much of the sentence is fixed: the most particular pattern counts. */
  fixed: number
}

const PLACE = /\{(\w+)\}/g

/** What translates a sentence of the box by these words; `unknown` is given what is not among them. */
export function translator(words: Record<string, string>, unknown = (sentence: string) => sentence): (sentence: string) => string {
  const patterns = Object.entries(words).map(([key, words]) => pattern(key, words))
  patterns.sort((a, b) => b.fixed - a.fixed)
  return translate

  function translate(sentence: string): string {
    for (const { form, names, words } of patterns) {
      const found = form.exec(sentence)
      if (!found) continue
      const values = new Map(names.map((name, at) => [name, translate(found[at + 1] ?? '')]))
      return words.replace(PLACE, (place, name) => values.get(name) ?? place)
    }
    return unknown(sentence)
  }
}

function pattern(key: string, words: string): Pattern {
  const names = [...key.matchAll(PLACE)].map((place) => place[1] ?? '')
  const parts = key.split(PLACE).filter((_, at) => at % 2 === 0)
  const form = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('(.*?)')
  return { form: new RegExp(`^${form}$`, 's'), names, words, fixed: parts.join('').length }
}
