// Light or dark: as the device says, or as chosen here.
const KEY = 'beffroi.theme'
const THEMES = ['auto', 'light', 'dark'] as const
type Theme = (typeof THEMES)[number]

class Look {
  theme = $state<Theme>(THEMES.find((theme) => theme === localStorage.getItem(KEY)) ?? 'auto')

  next() {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? 'auto'
    localStorage.setItem(KEY, this.theme)
    this.apply()
  }

  apply() {
    document.documentElement.dataset.theme = this.theme
  }
}

export const look = new Look()
