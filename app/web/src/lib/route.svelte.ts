// Which view is shown: the part of the address after `#`. All other addresses are the gateway's.
export const VIEWS = ['now', 'schedule', 'triggers', 'sounds', 'journal', 'gateway', 'system'] as const
export type View = (typeof VIEWS)[number]

class Route {
  view = $state<View>(read())
}

export const route = new Route()
addEventListener('hashchange', () => (route.view = read()))

function read(): View {
  const name = location.hash.replace(/^#\/?/, '')
  return VIEWS.find((view) => view === name) ?? 'now'
}
