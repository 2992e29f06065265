// The words of the bell tables, fetched with them.
import { computed } from 'nanostores'
import { language } from '../../lib/i18n'

const en = {
  title: 'Bell tables', parts: 'Parts of the bell tables', today: 'Today', calendar: 'Calendar', holidays: 'School holidays', tables: 'Tables', import: 'Import', history: 'History',
  next: 'Next bell', noNext: 'No bell is planned.', inTime: (time: string) => `in ${time}`, at: 'at', todayIs: 'Today:', noBellsToday: 'No bell today.', silentDay: 'Without bells',
  past: 'past', coming: 'to come', isNext: 'next', silenced: 'does not ring', added: 'added', moved: (from: string) => `instead of ${from}`,
  earlier: '5 min earlier from now on', later: '5 min later from now on', silentUntil: 'Silent until', until: 'Silent from now until', makeSilent: 'Be silent', oneMore: 'One more bell', time: 'Time', rings: 'What rings', label: 'What for', add: 'Add', cancelBell: 'Cancel', changesToday: 'Changed by hand', takeBack: 'Take back', why: 'Why?', whyAt: 'Why does it ring, or not?', date: 'Date', ask: 'Ask', close: 'Close',
  warnings: 'To look at', month: 'Month', year: 'Year', days30: '30 days', before: 'Before', after: 'After', bells: (n: number) => (n === 1 ? '1 bell' : `${n} bells`), dayOf: (day: string) => `Day: ${day}`, tomorrowShorter: 'Tomorrow is shorter', examWeek: 'Exam week', day: 'Day', becomes: 'It becomes', silentFrom: 'Silent from', silentTo: 'to', from: 'From', to: 'To', name: 'Name', exams: 'Exams', stay: 'The same day, silent from a time on', see: 'See what changes', shorterDay: 'Shorter day',
  review: 'What changes', same: 'Nothing changes.', otherDays: (n: number) => (n === 1 ? 'It rings otherwise on 1 of the next 60 days.' : `It rings otherwise on ${n} of the next 60 days.`), comment: 'Why (kept with the version)', publish: 'Publish', published: 'Published.', conflict: 'Somebody has published other tables meanwhile. Discard this draft, or see what it changes now.', again: 'See what changes now',
  versions: 'Versions', noVersions: 'Nothing was published yet.', by: (who: string) => `by ${who}`, byHand: 'found in conf.json', inForce: 'in force', restore: 'Put back', restoreOf: (n: number) => `Put version ${n} back`, restoreWhy: 'The tables are again as they were then. This, too, can be undone.', feed: 'The bells in your calendar', feedWhy: 'A secret address that a calendar (phone, computer) subscribes to. Whoever has it sees the bells.', feedOpen: 'There is an address. A new one makes it worthless.', makeFeed: 'Make an address', closeFeed: 'Take it back', feedOnce: 'Copy it now: it is shown this once.', address: 'Address',
}
export type Words = typeof en

const fr: Words = {
  title: 'Horaires', parts: 'Parties des horaires', today: 'Aujourd’hui', calendar: 'Calendrier', holidays: 'Vacances', tables: 'Tables', import: 'Importer', history: 'Historique',
  next: 'Prochaine sonnerie', noNext: 'Aucune sonnerie n’est prévue.', inTime: (time) => `dans ${time}`, at: 'à', todayIs: 'Aujourd’hui :', noBellsToday: 'Aucune sonnerie aujourd’hui.', silentDay: 'Sans sonnerie',
  past: 'passée', coming: 'à venir', isNext: 'la prochaine', silenced: 'ne sonne pas', added: 'ajoutée', moved: (from) => `au lieu de ${from}`,
  earlier: '5 min plus tôt dès maintenant', later: '5 min plus tard dès maintenant', silentUntil: 'Silence jusqu’à', until: 'Silence de maintenant jusqu’à', makeSilent: 'Faire silence', oneMore: 'Une sonnerie de plus', time: 'Heure', rings: 'Ce qui sonne', label: 'Pour quoi', add: 'Ajouter', cancelBell: 'Annuler', changesToday: 'Changé à la main', takeBack: 'Reprendre', why: 'Pourquoi ?', whyAt: 'Pourquoi ça sonne, ou pas ?', date: 'Date', ask: 'Demander', close: 'Fermer',
  warnings: 'À regarder', month: 'Mois', year: 'Année', days30: '30 jours', before: 'Avant', after: 'Après', bells: (n) => (n <= 1 ? `${n} sonnerie` : `${n} sonneries`), dayOf: (day) => `Jour : ${day}`, tomorrowShorter: 'Demain est plus court', examWeek: 'Semaine d’examens', day: 'Jour', becomes: 'Il devient', silentFrom: 'Silence de', silentTo: 'à', from: 'Du', to: 'Au', name: 'Nom', exams: 'Examens', stay: 'La même journée, silencieuse à partir d’une heure', see: 'Voir ce qui change', shorterDay: 'Journée plus courte',
  review: 'Ce qui change', same: 'Rien ne change.', otherDays: (n) => (n <= 1 ? `Ça sonne autrement ${n} jour sur les 60 prochains.` : `Ça sonne autrement ${n} jours sur les 60 prochains.`), comment: 'Pourquoi (gardé avec la version)', publish: 'Publier', published: 'Publié.', conflict: 'Quelqu’un a publié d’autres tables entre-temps. Jetez ce brouillon, ou voyez ce qu’il change maintenant.', again: 'Voir ce qui change maintenant',
  versions: 'Versions', noVersions: 'Rien n’a encore été publié.', by: (who) => `par ${who}`, byHand: 'trouvée dans conf.json', inForce: 'en vigueur', restore: 'Remettre', restoreOf: (n) => `Remettre la version ${n}`, restoreWhy: 'Les tables redeviennent ce qu’elles étaient alors. Cela aussi peut être défait.', feed: 'Les sonneries dans votre agenda', feedWhy: 'Une adresse secrète à laquelle un agenda (téléphone, ordinateur) s’abonne. Qui l’a voit les sonneries.', feedOpen: 'Il y a une adresse. Une nouvelle lui ôte toute valeur.', makeFeed: 'Faire une adresse', closeFeed: 'La reprendre', feedOnce: 'Copiez-la maintenant : elle n’est montrée que cette fois.', address: 'Adresse',
}

export const s = computed(language, (language) => (language === 'fr' ? fr : en))

/** What the box says in both languages. */
export const both = computed(language, (language) => (words: { en: string; fr: string }) => words[language])

/** A date of the school, in the reader's words: no zone moves it. */
export const onDay = computed(language, (language) => (date: string, how: Intl.DateTimeFormatOptions = { dateStyle: 'full' }) =>
  new Intl.DateTimeFormat(language === 'fr' ? 'fr-FR' : 'en-GB', { ...how, timeZone: 'UTC' }).format(new Date(`${date}T00:00:00Z`)))
