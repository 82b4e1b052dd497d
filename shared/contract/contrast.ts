// How well a color can be read, as WCAG 2 counts it. Colors are #rrggbb.

const channelsOf = (color: string): number[] => [1, 3, 5].map((start) => parseInt(color.slice(start, start + 2), 16))

/** Relative luminance: 0 for black, 1 for white. */
function luminanceOf(color: string): number {
  const [red = 0, green = 0, blue = 0] = channelsOf(color).map((channel) => {
    const value = channel / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** The contrast of two colors: 1 for the same, 21 for black and white. */
export function contrastOf(one: string, other: string): number {
  const [darker = 0, lighter = 0] = [luminanceOf(one), luminanceOf(other)].sort((a, b) => a - b)
  return (lighter + 0.05) / (darker + 0.05)
}

/** White or black, whichever can be read better on a color. */
export const textOn = (color: string): string =>
  contrastOf(color, '#ffffff') >= contrastOf(color, '#000000') ? '#ffffff' : '#000000'

/** So much of a color over another, as `color-mix(in srgb)` has it. */
function mix(color: string, share: number, over: string): string {
  const below = channelsOf(over)
  const mixed = channelsOf(color).map((channel, n) => Math.round(channel * share + (below[n] ?? 0) * (1 - share)))
  return `#${mixed.map((channel) => channel.toString(16).padStart(2, '0')).join('')}`
}

/** The themes of the dashboard, as its styles.css has them: what is written on, and what is written on the color. */
const themes = {
  light: { surface: '#ffffff', backgrounds: ['#ffffff', '#f6f6f3', '#f0f0ec'], on: '#ffffff' },
  dark: { surface: '#1c1f1d', backgrounds: ['#1c1f1d', '#141614', '#171a18', '#242826'], on: '#08201b' },
} as const

/** A theme of the dashboard. */
export type ThemeName = keyof typeof themes

/** How much of the color is in the areas that it tints. */
const wash = 0.12

/**
 * The least contrast that a color has in a theme: as text on each of its backgrounds and on what the color itself tints,
 * and under the text of a button.
 */
export function leastContrastOf(color: string, theme: ThemeName): number {
  const { surface, backgrounds, on } = themes[theme]
  return Math.min(...[...backgrounds, mix(color, wash, surface), on].map((other) => contrastOf(color, other)))
}

/** A contrast in words: never more than it is, so that what falls short does not look like enough. */
export const toShown = (contrast: number): string => (Math.floor(contrast * 10) / 10).toFixed(1)

/** What text needs to be read by most (WCAG 2, level AA). */
export const enoughContrast = 4.5
