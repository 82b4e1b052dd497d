/** Light, dark, or as the system has it. */
export const themes = { system: 'As the system', light: 'Light', dark: 'Dark' } as const
export type Theme = keyof typeof themes

const key = 'dial-smart.theme'

const isTheme = (text: unknown): text is Theme => typeof text === 'string' && Object.hasOwn(themes, text)

export function chosenTheme(): Theme {
  const stored = localStorage.getItem(key)
  return isTheme(stored) ? stored : 'system'
}

/** Shows the chosen colours; `styles.css` looks at the attribute. */
export function applyTheme(theme: Theme = chosenTheme()): void {
  document.documentElement.dataset.theme = theme
}

export function chooseTheme(value: unknown): void {
  if (!isTheme(value)) return
  localStorage.setItem(key, value)
  applyTheme(value)
}
