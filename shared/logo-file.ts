/** The images that can be uploaded as a logo, and how their files end. No SVG: opened by itself it could run scripts. */
export const logoTypes: Record<string, string> = { 'image/png': 'png', 'image/jpeg': 'jpg', 'image/webp': 'webp' }

/** The same limit as the bucket has. */
const maxBytes = 1024 * 1024

/** What is wrong with a file as a logo, for people; undefined where nothing is. What is in it is looked at elsewhere. */
export function logoFault({ type, size }: Blob): string | undefined {
  if (!Object.hasOwn(logoTypes, type)) return 'A logo is a PNG, JPEG or WebP image.'
  if (size === 0) return 'The file is empty.'
  if (size <= maxBytes) return undefined
  const has = (Math.ceil(size / maxBytes * 10) / 10).toFixed(1)
  return `A logo has at most 1 MiB, and this file ${has} MiB. Make the image smaller and choose it again.`
}
