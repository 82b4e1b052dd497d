import { useState } from 'react'
import type { Branding } from '../../shared/contract/branding.ts'
import { enoughContrast, leastContrastOf } from '../../shared/contract/contrast.ts'

/**
 * Gives an element and all in it the colors of a brand, where they can be read; without one, those of the product. It
 * writes to the style of the element as scripts may under any Content-Security-Policy.
 *
 * @example
 * useEffect(() => paintBrand(document.documentElement, branding), [branding])
 */
export function paintBrand({ style }: HTMLElement, { color_light, color_dark }: Branding = {}): void {
  const paint = (theme: 'light' | 'dark', color: string | undefined) => {
    const property = `--ds-brand-${theme}`
    if (color !== undefined && isReadable(color, theme)) style.setProperty(property, color)
    else style.removeProperty(property)
  }
  paint('light', color_light)
  paint('dark', color_dark)
}

const isReadable = (color: string, theme: 'light' | 'dark'): boolean =>
  /^#[0-9a-f]{6}$/i.test(color) && leastContrastOf(color, theme) >= enoughContrast

/** The logo of a brand, or its name where there is none or what is there is no image. */
export function BrandMark({ name, logoUrl }: { name: string; logoUrl?: string }) {
  const [broken, setBroken] = useState<string>()
  if (logoUrl === undefined || logoUrl === broken) return <bdi className='ds-brand-name'>{name}</bdi>
  return (
    <img
      className='ds-brand-logo'
      src={logoUrl}
      alt={name}
      referrerPolicy='no-referrer'
      onError={() => setBroken(logoUrl)}
    />
  )
}
