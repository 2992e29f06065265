// The page: ring, trim, understand.
import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { watchFocus } from './lib/focus'
import { language, ready } from './lib/i18n'
import { look } from './lib/theme.svelte'

look.apply()
watchFocus()
language.subscribe((language) => (document.documentElement.lang = language))
// Not awaited here: the words' own file may wait for this one.
void ready().then(() => {
  const target = document.getElementById('app')
  if (target) mount(App, { target })
})
