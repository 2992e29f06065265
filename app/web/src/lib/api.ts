// The box's API: answers typed from its own description, refusals as its own words.
import type { components } from './api-types'
import { inWords } from './i18n'
import { session } from './session.svelte'

type Schemas = components['schemas']
export type Health = Schemas['Health']
export type Sound = Schemas['Sound']
export type Line = Schemas['Line']
export type LineNews = Schemas['LineNews']
export type JournalEntry = Schemas['JournalEntry']
export type Cause = Schemas['Cause']
export type Playback = Schemas['Playback']
export type GatewayHealth = Schemas['GatewayHealth']
export type CertificateFacts = Schemas['CertificateFacts']
export type Installed = Schemas['Installed']
export type Report = Schemas['Report']
export type Session = Schemas['Session']
export type Trigger = Schemas['TriggerBody']

/** Why something was not done. */
export class Problem extends Error {
  constructor(
    /** 0 where the box was not reached. */
    readonly status: number,
    message: string,
    readonly field?: string,
  ) {
    super(message)
  }
}

export interface Options {
  body?: unknown
  /** Sent as it is, in place of a JSON body. */
  file?: Blob
  headers?: Record<string, string>
}

/** Asks the box; throws a `Problem`. */
export async function ask(method: string, path: string, options: Options = {}): Promise<Response> {
  const headers = { ...options.headers }
  const body = options.body === undefined ? options.file : JSON.stringify(options.body)
  if (body !== undefined) headers['content-type'] ??= options.file ? 'application/gzip' : 'application/json'
  let response: Response
  try {
    response = await fetch(path, { method, headers, body, credentials: 'same-origin' })
  } catch {
    throw new Problem(0, '')
  }
  const date = response.headers.get('date')
  if (date) session.skewSeconds = Math.round((Date.parse(date) - Date.now()) / 1000)
  if (response.ok) return response
  throw await problem(response.status, await response.text())
}

export async function get<T>(path: string): Promise<T> {
  return (await ask('GET', path)).json() as Promise<T>
}

/** What the box says about a refusal. A sign-in that has ended opens the form; what is being edited stays. */
export async function problem(status: number, text: string): Promise<Problem> {
  if (status === 401 && session.user !== null) session.expired = true
  try {
    const { detail, field } = JSON.parse(text) as { detail: string; field?: string }
    // The field's name stands beside the words here.
    const words = field && detail.startsWith(`${field}: `) ? detail.slice(field.length + 2) : detail
    return new Problem(status, inWords.get()(words), field)
  } catch {
    return new Problem(status, text)
  }
}

/** One part of an address. */
export const part = encodeURIComponent
