// Uploads: with progress and cancel, which `fetch` does not have.
import { part, Problem, problem } from './api'

type State = 'sending' | 'checking' | 'done' | 'cancelled' | 'lost' | 'refused'

export class Upload {
  state = $state<State>('sending')
  percent = $state(0)
  /** The box's own words, where it has refused. */
  why = $state('')
  readonly file: string
  #request = new XMLHttpRequest()

  constructor(file: File, done: () => void) {
    this.file = file.name
    const request = this.#request
    request.upload.onprogress = ({ loaded, total }) => (this.percent = Math.floor((loaded / total) * 100))
    request.upload.onload = () => (this.state = 'checking')
    request.onload = async () => {
      if (request.status < 300) {
        this.state = 'done'
        done()
      } else {
        this.#refused(await problem(request.status, request.responseText))
      }
    }
    request.onerror = () => (this.state = 'lost')
    request.onabort = () => (this.state = 'cancelled')
    request.open('PUT', `/api/sounds/${part(file.name)}`)
    request.setRequestHeader('content-type', 'application/octet-stream')
    request.send(file)
  }

  get underWay(): boolean {
    return this.state === 'sending' || this.state === 'checking'
  }

  cancel() {
    this.#request.abort()
  }

  #refused(problem: Problem) {
    this.state = 'refused'
    this.why = problem.message
  }
}
