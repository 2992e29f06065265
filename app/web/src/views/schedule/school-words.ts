// The words of the school's place and of its official calendar.
import { computed } from 'nanostores'
import { language } from '../../lib/i18n'

const en = {
  where: 'Where is the school?', whereWhy: 'Its school holidays and public holidays follow from it: nothing rings on them by itself.',
  known: (place: string, day: string, source: string) => `${place}: school holidays are known until ${day}, from ${source}.`,
  over: (place: string, day: string) => `The school holidays of ${place} are known only until ${day}: since then they ring like school days. Give the box a newer file, below.`,
  ends: (place: string, day: string) => `The school holidays of ${place} are known only until ${day}. Give the box a newer file, below.`,
  nowhere: 'No place is chosen: holidays ring like school days.',
  find: 'Postal code, department or academy', findHint: '67000, 974, Lyon', search: 'Find', notFound: 'No academy is found by that. Choose the place below.', found: (academy: string) => `Academy: ${academy}`,
  place: 'Zone or territory', noPlace: 'None: every day off is written down by hand', until: (day: string) => `until ${day}`, region: 'Public holidays', asPlace: 'Those of the place',
  zone: (zone: string) => `The school’s clocks go by ${zone} from now on`, comment: 'Why (kept with the version)', save: 'Save', saved: 'Saved. It counts from now on.', conflict: 'Somebody else has changed this meanwhile. Look at it again, then save.', again: 'Look again',
  files: 'What is known, and from where', shipped: (day: string) => `Delivered with the program, put together on ${day} from`, uploaded: (at: string) => `uploaded on ${at}`, fetched: (at: string) => `fetched on ${at}`, forget: 'Forget', forgetOf: (name: string) => `Forget ${name}`, forgetWhy: 'What was known before it counts again.', notes: 'What was left out or put right', others: 'Every place',
  newer: 'A newer file', newerWhy: 'The ministry publishes the school calendar as iCalendar (.ics), CSV or JSON. Each place’s newest file counts.', choose: 'Choose a file', dropHere: 'or drop it here: 4 MiB at most',
  reading: (name: string) => `${name}: being read…`, read: (name: string) => `${name} was read and counts from now on:`, readPlace: (place: string, count: number, from: string, until: string) => `${place}: ${count === 1 ? '1 holiday or single day' : `${count} holidays and single days`}, from ${from} to ${until}`, tooLarge: 'The file is larger than 4 MiB: it is no school calendar.', ofWhich: 'Of which place is the file?', tryAgain: 'Try again',
  weekly: 'Fetch it once a week', weeklyWhy: 'The box asks this address once a week. Without network, or where nonsense comes, what is known goes on counting.', address: 'Address (https)', filePlace: 'The file’s place, if it names none', itsOwn: 'It names its own', subscribe: 'Fetch each week', official: 'The ministry’s address for this place', stop: 'Fetch no more', stopWhy: 'What was fetched goes on counting.', refresh: 'Fetch now', asking: 'Asking…',
  lastNew: (at: string) => `Fetched on ${at}: a new calendar, which counts.`, lastSame: (at: string) => `Asked on ${at}: nothing has changed.`, lastFailed: (at: string, why: string) => `Asked on ${at}, in vain: ${why}`, never: 'It is being asked for the first time…', next: (at: string) => `Next time: ${at}.`,
}
export type Words = typeof en

const fr: Words = {
  where: 'Où est l’établissement ?', whereWhy: 'Les vacances scolaires et les jours fériés en découlent : rien n’y sonne tout seul.',
  known: (place, day, source) => `${place} : les vacances scolaires sont connues jusqu’au ${day}, d’après ${source}.`,
  over: (place, day) => `Les vacances scolaires (${place}) ne sont connues que jusqu’au ${day} : depuis, elles sonnent comme des jours de classe. Donnez à la boîte un fichier plus récent, ci-dessous.`,
  ends: (place, day) => `Les vacances scolaires (${place}) ne sont connues que jusqu’au ${day}. Donnez à la boîte un fichier plus récent, ci-dessous.`,
  nowhere: 'Aucun lieu n’est choisi : les vacances sonnent comme des jours de classe.',
  find: 'Code postal, département ou académie', findHint: '67000, 974, Lyon', search: 'Trouver', notFound: 'Aucune académie ne correspond. Choisissez le lieu ci-dessous.', found: (academy) => `Académie : ${academy}`,
  place: 'Zone ou territoire', noPlace: 'Aucun : chaque jour sans classe est écrit à la main', until: (day) => `jusqu’au ${day}`, region: 'Jours fériés', asPlace: 'Ceux du lieu',
  zone: (zone) => `Les horloges de l’établissement suivent désormais ${zone}`, comment: 'Pourquoi (gardé avec la version)', save: 'Enregistrer', saved: 'Enregistré. Cela vaut dès maintenant.', conflict: 'Quelqu’un d’autre a changé cela entre-temps. Regardez à nouveau, puis enregistrez.', again: 'Regarder à nouveau',
  files: 'Ce qui est connu, et d’où', shipped: (day) => `Livré avec le programme, réuni le ${day} d’après`, uploaded: (at) => `déposé le ${at}`, fetched: (at) => `récupéré le ${at}`, forget: 'Oublier', forgetOf: (name) => `Oublier ${name}`, forgetWhy: 'Ce qui était connu avant lui vaut à nouveau.', notes: 'Ce qui a été laissé de côté ou corrigé', others: 'Tous les lieux',
  newer: 'Un fichier plus récent', newerWhy: 'Le ministère publie le calendrier scolaire en iCalendar (.ics), CSV ou JSON. Pour chaque lieu, le fichier le plus récent vaut.', choose: 'Choisir un fichier', dropHere: 'ou déposez-le ici : 4 Mio au plus',
  reading: (name) => `${name} : lecture…`, read: (name) => `${name} a été lu et vaut dès maintenant :`, readPlace: (place, count, from, until) => `${place} : ${count <= 1 ? `${count} période ou journée` : `${count} périodes et journées`}, du ${from} au ${until}`, tooLarge: 'Le fichier dépasse 4 Mio : ce n’est pas un calendrier scolaire.', ofWhich: 'De quel lieu est le fichier ?', tryAgain: 'Réessayer',
  weekly: 'Le récupérer chaque semaine', weeklyWhy: 'La boîte demande cette adresse une fois par semaine. Sans réseau, ou si la réponse ne vaut rien, ce qui est connu vaut toujours.', address: 'Adresse (https)', filePlace: 'Le lieu du fichier, s’il n’en nomme pas', itsOwn: 'Il nomme le sien', subscribe: 'Récupérer chaque semaine', official: 'L’adresse du ministère pour ce lieu', stop: 'Ne plus récupérer', stopWhy: 'Ce qui a été récupéré vaut toujours.', refresh: 'Récupérer maintenant', asking: 'Demande en cours…',
  lastNew: (at) => `Récupéré le ${at} : un nouveau calendrier, en vigueur.`, lastSame: (at) => `Demandé le ${at} : rien n’a changé.`, lastFailed: (at, why) => `Demandé le ${at}, en vain : ${why}`, never: 'L’adresse est demandée pour la première fois…', next: (at) => `Prochaine fois : ${at}.`,
}

export const w = computed(language, (language) => (language === 'fr' ? fr : en))
