// The words of the editor of the bell tables.
import { computed } from 'nanostores'
import { language } from '../../../lib/i18n'

const en = {
  draftHint: 'What you write here is a draft of this browser: nothing rings otherwise until it is published.',
  drafted: 'Draft, not published', discard: 'Discard the draft', discardWhy: 'What you have written since the last publication is lost.',
  undo: 'Undo the publication', undone: 'The tables are again as they were before.', somewhere: (field: string) => `In ${field}:`,
  meanwhile: 'Somebody has published other tables meanwhile: nothing was undone. Look at the history.',

  dayTypes: 'Kinds of days', newDayType: 'New kind of day', copyOf: (name: string) => `${name} (copy)`, copy: 'Copy', copyType: (name: string) => `Copy ${name}`,
  removeType: (name: string) => `Delete ${name}`, usedBy: (name: string, where: string) => `“${name}” is still used: ${where}. Choose another kind of day there first.`,
  inWeek: (name: string) => `week ${name}`, inCycle: (n: number) => `day ${n} of the cycle`, inEntry: (name: string) => `calendar, ${name}`,
  colour: 'Colour', bellsOf: (name: string) => `Bells of ${name}`, noBellsYet: 'No bell yet.', addBell: 'Add a bell', removeBell: (time: string) => `Remove the bell of ${time}`,
  lateness: 'Late by at most (s)', latenessWhy: 'After an outage, a bell may still ring late by so many seconds: 0 to 3600.',

  rota: 'Which day is of which kind', byWeeks: 'By weeks', byCycle: 'By a cycle of days', switchTo: 'Replace in the draft',
  weeksLost: (names: string, set: number) => `The cycle takes the place of the weeks. Lost in this draft: ${names}${set === 0 ? '' : set === 1 ? ', and one week set by hand' : `, and ${set} weeks set by hand`}.`,
  cycleLost: (n: number) => `The weeks take the place of the cycle. Lost in this draft: the ${n === 1 ? 'one day' : `${n} days`} of the cycle, its first date and its open days.`,
  newWeek: 'New kind of week', week: (name: string) => `Week ${name}`, nameOfWeek: 'Name of the week', removeWeek: (name: string) => `Delete week ${name}`,
  sameName: (name: string) => `There is a week ${name} already.`, noName: 'A week needs a name where there are several.', noBells: 'No bells', noWeeks: 'No week yet: nothing rings.',
  turns: 'Several weeks take turns', assigned: 'No: each is set by hand', everyWeek: 'Every week', schoolWeeks: 'Every week with school', anchor: 'A date in a first week', anchorIs: (day: string) => `The week of ${day} is the first one.`,
  setByHand: 'Weeks set by hand', setWhy: 'They do not move the turns of the other weeks.', noneSet: 'No week is set by hand.', weekOf: (day: string) => `Week of ${day}`, aDate: 'A date of the week', kindOfWeek: 'Kind of week', setWeek: 'Set this week', removeSet: (day: string) => `No longer set by hand: week of ${day}`,
  itsTurn: 'Not set by hand', byTurn: 'its turn', byHand: 'set by hand', kindIs: (day: string, kind: string, how: string) => `Week of ${day}: ${kind}, ${how}. Change`, thisWeekIs: (kind: string) => `Week ${kind}`,

  firstDay: 'A date that is day 1', openDays: 'Days that count', dayN: (n: number) => `Day ${n}`, addDay: 'One more day', removeDay: (n: number) => `Remove day ${n}`,

  entries: 'The school’s calendar', entriesWhy: 'What is otherwise on single days or from one day to another.', noEntries: 'Nothing is otherwise on any day.', newEntry: 'New entry', editEntry: (name: string) => `Edit: ${name}`, edit: 'Edit', removeEntry: (name: string) => `Remove from the calendar: ${name}`,
  from: 'From', to: 'To', toHint: 'Empty: this one day.', name: 'Name', becomes: 'Its days are', silentDay: 'Without bells', usual: 'As usual', otherType: (id: string) => `${id} (unknown)`,
  silentHours: 'Silent hours', silentWhy: 'At these hours nothing rings but what was added by hand for a day.', silentFrom: 'Silent from', silentTo: 'until', toTheEnd: 'Empty: to the end of the day.', addHours: 'Add silent hours', removeHours: (from: string) => `Remove the silent hours from ${from}`,
  hours: (from: string, to: string | null) => (to ? `silent from ${from} to ${to}` : `silent from ${from} on`), keep: 'Put into the draft', otherwise: 'Otherwise on this day', see: 'See what changes', close: 'Close',
  time: 'Time', rings: 'What rings', label: 'What for',
}

const fr: typeof en = {
  draftHint: 'Ce que vous écrivez ici est un brouillon de ce navigateur : rien ne sonne autrement avant sa publication.',
  drafted: 'Brouillon non publié', discard: 'Jeter le brouillon', discardWhy: 'Ce que vous avez écrit depuis la dernière publication sera perdu.',
  undo: 'Annuler la publication', undone: 'Les tables sont de nouveau ce qu’elles étaient avant.', somewhere: (field) => `Dans ${field} :`,
  meanwhile: 'Quelqu’un a publié d’autres tables entre-temps : rien n’a été annulé. Voyez l’historique.',

  dayTypes: 'Journées types', newDayType: 'Nouvelle journée type', copyOf: (name) => `${name} (copie)`, copy: 'Copier', copyType: (name) => `Copier ${name}`,
  removeType: (name) => `Supprimer ${name}`, usedBy: (name, where) => `« ${name} » sert encore : ${where}. Choisissez-y d’abord une autre journée type.`,
  inWeek: (name) => `semaine ${name}`, inCycle: (n) => `jour ${n} du cycle`, inEntry: (name) => `calendrier, ${name}`,
  colour: 'Couleur', bellsOf: (name) => `Sonneries de ${name}`, noBellsYet: 'Pas encore de sonnerie.', addBell: 'Ajouter une sonnerie', removeBell: (time) => `Retirer la sonnerie de ${time}`,
  lateness: 'Retard permis (s)', latenessWhy: 'Après une coupure, une sonnerie peut encore sonner avec tant de secondes de retard : 0 à 3600.',

  rota: 'Quel jour a quelle journée type', byWeeks: 'Par semaines', byCycle: 'Par cycle de jours', switchTo: 'Remplacer dans le brouillon',
  weeksLost: (names, set) => `Le cycle prend la place des semaines. Perdu dans ce brouillon : ${names}${set === 0 ? '' : set === 1 ? ', et une semaine fixée à la main' : `, et ${set} semaines fixées à la main`}.`,
  cycleLost: (n) => `Les semaines prennent la place du cycle. Perdu dans ce brouillon : ${n === 1 ? 'le jour' : `les ${n} jours`} du cycle, sa première date et ses jours comptés.`,
  newWeek: 'Nouvelle semaine type', week: (name) => `Semaine ${name}`, nameOfWeek: 'Nom de la semaine', removeWeek: (name) => `Supprimer la semaine ${name}`,
  sameName: (name) => `Il y a déjà une semaine ${name}.`, noName: 'Une semaine doit avoir un nom quand il y en a plusieurs.', noBells: 'Sans sonnerie', noWeeks: 'Pas encore de semaine : rien ne sonne.',
  turns: 'Plusieurs semaines alternent', assigned: 'Non : chacune est fixée à la main', everyWeek: 'Chaque semaine', schoolWeeks: 'Chaque semaine de classe', anchor: 'Une date d’une première semaine', anchorIs: (day) => `La semaine du ${day} est la première.`,
  setByHand: 'Semaines fixées à la main', setWhy: 'Elles ne déplacent pas l’alternance des autres semaines.', noneSet: 'Aucune semaine n’est fixée à la main.', weekOf: (day) => `Semaine du ${day}`, aDate: 'Une date de la semaine', kindOfWeek: 'Semaine type', setWeek: 'Fixer cette semaine', removeSet: (day) => `Ne plus fixer à la main : semaine du ${day}`,
  itsTurn: 'Non fixée à la main', byTurn: 'à son tour', byHand: 'fixée à la main', kindIs: (day, kind, how) => `Semaine du ${day} : ${kind}, ${how}. Changer`, thisWeekIs: (kind) => `Semaine ${kind}`,

  firstDay: 'Une date qui est le jour 1', openDays: 'Jours qui comptent', dayN: (n) => `Jour ${n}`, addDay: 'Un jour de plus', removeDay: (n) => `Retirer le jour ${n}`,

  entries: 'Calendrier de l’établissement', entriesWhy: 'Ce qui change certains jours, ou d’un jour à un autre.', noEntries: 'Rien ne change aucun jour.', newEntry: 'Nouvelle entrée', editEntry: (name) => `Modifier : ${name}`, edit: 'Modifier', removeEntry: (name) => `Retirer du calendrier : ${name}`,
  from: 'Du', to: 'Au', toHint: 'Vide : ce seul jour.', name: 'Nom', becomes: 'Ces jours sont', silentDay: 'Sans sonnerie', usual: 'Comme d’habitude', otherType: (id) => `${id} (inconnue)`,
  silentHours: 'Heures de silence', silentWhy: 'À ces heures, rien ne sonne, sauf ce qui a été ajouté à la main pour un jour.', silentFrom: 'Silence de', silentTo: 'à', toTheEnd: 'Vide : jusqu’à la fin de la journée.', addHours: 'Ajouter des heures de silence', removeHours: (from) => `Retirer les heures de silence à partir de ${from}`,
  hours: (from, to) => (to ? `silence de ${from} à ${to}` : `silence à partir de ${from}`), keep: 'Mettre au brouillon', otherwise: 'Changer ce jour', see: 'Voir ce qui change', close: 'Fermer',
  time: 'Heure', rings: 'Ce qui sonne', label: 'Pour quoi',
}

export const w = computed(language, (language) => (language === 'fr' ? fr : en))
