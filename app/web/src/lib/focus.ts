// Where the keyboard is: it does not fall back to the top of the page because a thing is busy or gone.

/** One of several alike. */
const ROW = 'li, tr, fieldset'
const PRESSED = 'button, a[href]'
/** What is come to where there is nothing to press any more. */
const READ = 'h1, h2, h3, tr'

/** Goes back to a place, unless somebody is elsewhere by then. */
export type Back = () => void

/** Whatever has the focus is followed by something near it; what is `aria-disabled` is not pressed. */
export function watchFocus() {
  addEventListener('click', refuse, { capture: true })
  let at: HTMLElement | undefined
  let back: Back | undefined
  addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    at = target
    back = backTo(at)
  })
  addEventListener('focusout', ({ target }) => queueMicrotask(() => {
    // Left by whoever looks, not taken away.
    if (target === at && at?.isConnected && nowhere()) at = back = undefined
  }))
  new MutationObserver(() => {
    // What is before it may have grown.
    if (at?.isConnected) return void (back = backTo(at))
    const gone = back
    at = back = undefined
    gone?.()
  }).observe(document.body, { childList: true, subtree: true })
}

/**
 * A button that is `disabled` loses the focus, so those of this page are `aria-disabled`, and their clicks come to nothing.
 * Enter in a field is a click on its form's button, too.
 */
function refuse(event: Event) {
  if (!(event.target instanceof Element) || !event.target.closest('button[aria-disabled=true]')) return
  event.preventDefault()
  event.stopImmediatePropagation()
}

/** To this, or to what is in its place then: the same button of the next row, or what is read before it. */
export function backTo(element: Element): Back {
  const rows: { row: Element; list: Element | null; place: number; button: number }[] = []
  for (let row = element.closest(ROW); row; row = row.parentElement?.closest(ROW) ?? null) {
    const list = row.parentElement
    const button = buttonsOf(row).findIndex((one) => one === element || one.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_PRECEDING)
    rows.push({ row, list, place: rowsOf(list).indexOf(row), button: button < 0 ? Infinity : button })
  }
  const parents: { parent: Element; place: number }[] = []
  for (let child = element; child.parentElement; child = child.parentElement) {
    parents.push({ parent: child.parentElement, place: [...child.parentElement.children].indexOf(child) })
  }
  return () => {
    if (!nowhere() || take(element)) return
    for (const { row, list, place, button } of rows) {
      const near = row.isConnected ? row : list?.isConnected ? nth(rowsOf(list), place) : undefined
      if (near && take(nth(buttonsOf(near), button))) return
    }
    const left = parents.find(({ parent }) => parent.isConnected)
    if (left) take(readBefore(left.parent, left.place))
  }
}

function nowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body
}

/** Whether it has the focus now. */
function take(element: Element | undefined): boolean {
  if (!(element instanceof HTMLElement) || !element.isConnected) return false
  if (element.matches(READ)) element.tabIndex = -1
  element.focus()
  return document.activeElement === element
}

/** In the same window: the last before a place, or the first of all. */
function readBefore(parent: Element, place: number): Element | undefined {
  const here = document.createRange()
  const next = parent.children[place]
  if (next) here.setStartBefore(next)
  else here.setStart(parent, parent.childNodes.length)
  const all = [...(parent.closest('dialog, main') ?? document.body).querySelectorAll(READ)]
  return all.findLast((one) => here.comparePoint(one, 0) < 0) ?? all[0]
}

const buttonsOf = (row: Element) => [...row.querySelectorAll(PRESSED)]
const rowsOf = (list: Element | null) => [...(list?.children ?? [])].filter((one) => one.matches(ROW))
const nth = (all: Element[], place: number) => all[Math.min(place, all.length - 1)]
