// The API, described: Swagger UI on the box's own description. Whoever is signed in may try it.
import 'swagger-ui-dist/swagger-ui.css'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import './docs.css'
import { look } from './lib/theme.svelte'

look.apply()
const dark = matchMedia('(prefers-color-scheme: dark)')
function paint() {
  document.documentElement.classList.toggle('dark-mode', look.theme === 'dark' || (look.theme === 'auto' && dark.matches))
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
