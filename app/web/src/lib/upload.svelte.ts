// Uploads: with progress and cancel, which `fetch` does not have.
import { part, Problem, problem } from './api'

type State = 'sending' | 'checking' | 'done' | 'cancelled' | 'lost' | 'refused' | 'exists'

interface Options {
  /** Take the place of a sound of this name; else it is never overwritten. */
  replace: boolean
  /** It is there, or there is one already. */
  onend: () => void
}

export class Upload {
  state = $state<State>('sending')
  percent = $state(0)
  /** The box's own words, where it has refused. */
  why = $state('')
  readonly file: string
  #request = new XMLHttpRequest()

  constructor(
    readonly source: File,
    readonly options: Options,
  ) {
    this.file = source.name
    const request = this.#request
    request.upload.onprogress = ({ loaded, total }) => (this.percent = Math.floor((loaded / total) * 100))
    request.upload.onload = () => (this.state = 'checking')
    request.onload = async () => {
      if (request.status < 300) this.state = 'done'
      else if (request.status === 412) this.state = 'exists'
      else return this.#refused(await problem(request.status, request.responseText))
      options.onend()
    }
    request.onerror = () => (this.state = 'lost')
    request.onabort = () => (this.state = 'cancelled')
    request.open('PUT', `/api/sounds/${part(source.name)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    if (!options.replace) request.setRequestHeader('if-none-match', '*')
    request.send(source)
  }

  get underWay(): boolean {
    return this.state === 'sending' || this.state === 'checking'
  }

  /** Whether there is a sense in sending the same again. */
  get mayRetry(): boolean {
    return this.state === 'lost' || this.state === 'cancelled' || this.state === 'refused'
  }

  cancel() {
    this.#request.abort()
  }

  #refused(problem: Problem) {
    this.state = 'refused'
    this.why = problem.message
  }
}
