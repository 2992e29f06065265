// Where the school is, and the files of its calendar, as the page holds them.
import type { components } from '../../lib/api-types'

type Schemas = components['schemas']
export type School = Schemas['School']
export type Places = Schemas['Places']
export type Place = Schemas['ShownPlace']
export type Official = Schemas['Official']
export type Uploaded = Schemas['Uploaded']
export type Subscription = Schemas['SubscriptionState']

const FOLDER = 'https://fr.ftp.opendatasoft.com/openscol/fr-en-calendrier-scolaire'
const FILES: Record<string, string> = { 'zone-a': 'Zone-A', 'zone-b': 'Zone-B', 'zone-c': 'Zone-C', corse: 'Corse', guadeloupe: 'Guadeloupe' }

/** Where the ministry publishes the calendar of a place. */
export function address(place: string): string | undefined {
  return FILES[place] && `${FOLDER}/${FILES[place]}.ics`
}
