// The API, described: Swagger UI on the box's own description. Whoever is signed in may try it.
import 'swagger-ui-dist/swagger-ui.css'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
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

SwaggerUI({
  domNode: document.getElementById('docs'),
  url: '/api/openapi.json',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  // Nobody outside is asked whether it is valid; a test of the box has done so.
  validatorUrl: null,
})
