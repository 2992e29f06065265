// Who is signed in, and whether that is over.
class SessionState {
  /** `undefined` until the box has answered. */
  user = $state<string | null | undefined>(undefined)
  claimed = $state(true)
  /** The sign-in has ended while the page is open. */
  expired = $state(false)
  /** By how much the box's clock is ahead of this device's. */
  skewSeconds = $state<number | undefined>(undefined)

  /** By the box's clock, to a second. */
  now(): Date {
    return new Date(Date.now() + (this.skewSeconds ?? 0) * 1000)
  }

  enter(user: string) {
    this.user = user
    this.claimed = true
    this.expired = false
  }

  leave() {
    this.user = null
    this.expired = false
  }
}

export const session = new SessionState()
