// The words of what the tables are drafted from.
import { computed } from 'nanostores'
import { language } from '../../lib/i18n'

const en = {
  hint: 'From a file or from PRONOTE, as a draft: nothing rings otherwise until you have seen what changes and published it.',
  published: 'Published. Every earlier version is in the history, to go back to.',
  drafted: 'A draft of the tables waits in this browser. Publish or discard it first, under Tables: published later, it would take back what you import here.',
  leftOut: 'Left out',
  more: (n: number) => `and ${n} more`,
  // A calendar file.
  events: 'Events of a calendar file', file: 'Calendar file (.ics)', fileHint: 'Google Calendar, Outlook, Thunderbird, a school’s site and others write one. It is read and not kept.',
  read: 'Read the file', none: 'No event to come is in this file.', found: (n: number) => (n === 1 ? '1 event to come' : `${n} events to come`),
  all: 'All that are not in the calendar yet', each: 'what each does', nothing: 'Changes nothing', hours: 'Silent for some hours', day: (name: string) => `Day: ${name}`,
  does: (label: string) => `What “${label}” does to the bells`, known: 'in the calendar already', untitled: 'without a title',
  from: (label: string) => `“${label}”: silent from`, to: (label: string) => `“${label}”: silent to (empty: until the day ends)`, everyDay: 'on each of its days',
  // A school's PRONOTE.
  pronote: 'A school’s PRONOTE', pronoteHint: 'PRONOTE tells anybody the hours of the day, the breaks, the weeks and the closed days: no password is needed. A school is asked once a day at most.',
  address: 'Address of PRONOTE', ask: 'Ask PRONOTE', asking: 'PRONOTE is being asked…', thisSchool: 'PRONOTE',
  said: (who: string, at: string, again: string) => `${who} said this on ${at}. It can be asked again from ${again} on.`,
  failed: (at: string, why: string) => `Asked on ${at}, without an answer: ${why}.`,
  difference: 'What you can take', closed: 'Closed days', take: (part: string) => `Take: ${part}`,
  dayTypes: 'Kinds of days', weeks: 'Weeks', bellsOf: (name: string) => `Bells of ${name}`,
  typesHow: 'Where a kind of day stands for one of yours, its bells take the place of yours, whose name and colour stay. Else it is added. None of yours is deleted.',
  weeksHow: 'They take the place of your weeks, or of your cycle: their days, their turns, and the weeks set by hand.',
  closedHow: 'They are added to the school’s calendar. Nothing is taken out of it.',
  standsFor: (name: string) => `“${name}” of PRONOTE is`, newType: 'a new kind of day', namedAlike: (name: string) => `${name} (PRONOTE)`,
  weeksNeed: 'The weeks need these kinds of days: take them, or say which of yours they are.',
  same: 'You have it so already.', notSaid: 'PRONOTE says nothing of it.', reason: 'From PRONOTE',
}
type Words = typeof en

const fr: Words = {
  hint: 'Depuis un fichier ou PRONOTE, en brouillon : rien ne sonne autrement avant que vous ayez vu ce qui change et publié.',
  published: 'Publié. Chaque version antérieure est dans l’historique, pour y revenir.',
  drafted: 'Un brouillon des tables attend dans ce navigateur. Publiez-le ou jetez-le d’abord, sous Tables : publié plus tard, il reprendrait ce que vous importez ici.',
  leftOut: 'Laissé de côté',
  more: (n) => `et ${n} de plus`,
  events: 'Événements d’un fichier d’agenda', file: 'Fichier d’agenda (.ics)', fileHint: 'Google Agenda, Outlook, Thunderbird, le site de l’établissement et d’autres en écrivent. Il est lu, et n’est pas gardé.',
  read: 'Lire le fichier', none: 'Ce fichier n’a aucun événement à venir.', found: (n) => (n <= 1 ? `${n} événement à venir` : `${n} événements à venir`),
  all: 'Tous ceux qui ne sont pas encore au calendrier', each: 'l’effet de chacun', nothing: 'Ne change rien', hours: 'Silence à certaines heures', day: (name) => `Journée : ${name}`,
  does: (label) => `Effet de « ${label} » sur les sonneries`, known: 'déjà au calendrier', untitled: 'sans titre',
  from: (label) => `« ${label} » : silence de`, to: (label) => `« ${label} » : silence à (vide : jusqu’à la fin du jour)`, everyDay: 'chacun de ses jours',
  pronote: 'Le PRONOTE de l’établissement', pronoteHint: 'PRONOTE dit à tous les heures de la journée, les récréations, les semaines et les jours fermés : aucun mot de passe n’est demandé. Un établissement est interrogé une fois par jour au plus.',
  address: 'Adresse de PRONOTE', ask: 'Interroger PRONOTE', asking: 'PRONOTE est interrogé…', thisSchool: 'PRONOTE',
  said: (who, at, again) => `${who} l’a dit le ${at}. Il pourra être interrogé de nouveau à partir du ${again}.`,
  failed: (at, why) => `Interrogé le ${at}, sans réponse : ${why}.`,
  difference: 'Ce que vous pouvez prendre', closed: 'Jours fermés', take: (part) => `Prendre : ${part}`,
  dayTypes: 'Journées types', weeks: 'Semaines', bellsOf: (name) => `Sonneries de ${name}`,
  typesHow: 'Là où une journée proposée correspond à l’une des vôtres, ses sonneries remplacent les vôtres ; le nom et la couleur restent. Sinon elle s’ajoute. Aucune des vôtres n’est supprimée.',
  weeksHow: 'Elles remplacent vos semaines, ou votre cycle : leurs journées, leur alternance et les semaines fixées à la main.',
  closedHow: 'Ils s’ajoutent au calendrier de l’établissement. Rien n’en est retiré.',
  standsFor: (name) => `« ${name} » de PRONOTE est`, newType: 'une nouvelle journée type', namedAlike: (name) => `${name} (PRONOTE)`,
  weeksNeed: 'Les semaines ont besoin de ces journées types : prenez-les, ou dites auxquelles des vôtres elles correspondent.',
  same: 'C’est déjà ainsi chez vous.', notSaid: 'PRONOTE n’en dit rien.', reason: 'Depuis PRONOTE',
}

export const w = computed(language, (language) => (language === 'fr' ? fr : en))
