// The API, described: Swagger UI on the box's own description. Whoever is signed in may try it.
import 'swagger-ui-dist/swagger-ui.css'
import SwaggerUI, { type Component, type System } from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import './docs.css'

// As lib/theme.svelte.ts keeps it. A module of both pages would be one more file of the first view.
const theme = localStorage.getItem('beffroi.theme') ?? 'auto'
document.documentElement.dataset.theme = theme
const dark = matchMedia('(prefers-color-scheme: dark)')
function paint() {
  document.documentElement.classList.toggle('dark-mode', theme === 'dark' || (theme === 'auto' && dark.matches))
}
dark.addEventListener('change', paint)
paint()

const nothing = () => null
/** What Swagger UI builds so that not everybody could read it, built otherwise. */
const readable = {
  components: {
    // A link inside of a button: each operation is one button, the address follows what is open.
    DeepLink: ({ text }: { text: string }) => text,
    // The cookie signs in; a second way would only mislead.
    AuthorizeBtnContainer: nothing,
    authorizeBtn: nothing,
    authorizeOperationBtn: nothing,
  },
  wrapComponents: {
    // Outside of every landmark.
    InfoContainer: (Info: Component, { React: { createElement } }: System) => (props: object) =>
      createElement('section', { 'aria-label': 'About' }, createElement(Info, props)),
    // From the title, h1, to the groups, h3.
    operations: (Operations: Component, { React: { createElement, Fragment } }: System) => (props: object) =>
      createElement(Fragment, null, createElement('h2', { className: 'operations' }, 'Operations'), createElement(Operations, props)),
  },
}

const docs = document.getElementById('docs')!
// A table that says it is a region is no table any more, and each has the same name.
new MutationObserver(() => {
  for (const table of docs.querySelectorAll('table[role=region]')) table.removeAttribute('role')
}).observe(docs, { childList: true, subtree: true })

SwaggerUI({
  domNode: docs,
  url: '/api/openapi.json',
  plugins: [readable],
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // Nobody outside is asked whether it is valid; a test of the box has done so.
  validatorUrl: null,
})
