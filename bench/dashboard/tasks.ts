import type { Page } from 'playwright-core'

/** Watches for tasks that keep a page from answering for more than 50 ms; what it answers tells how long the longest was. */
export async function watchTasks(page: Page): Promise<() => Promise<number>> {
  const handle = await page.evaluateHandle(() => {
    const seen: number[] = []
    new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration)))
      .observe({ type: 'longtask' })
    return seen
  })
  // What was seen is told a moment after it was.
  return () => handle.evaluate((seen) => new Promise((resolve) => setTimeout(() => resolve(Math.max(0, ...seen)), 100)))
}

/** The longest task in words: browsers tell only of those over 50 ms. */
export const toLongest = (milliseconds: number): string => milliseconds === 0 ? 'none over 50' : milliseconds.toFixed(0)

/** Scrolls by so many pixels in each frame, up and down the page, and answers how long the frames took. */
export const scroll = (page: Page, frames: number, step: number): Promise<number[]> =>
  page.evaluate(([frames, step]) =>
    new Promise<number[]>((resolve) => {
      const times: number[] = []
      // Asked for in each frame, it would have the page laid out twice.
      const end = document.documentElement.scrollHeight - innerHeight
      let direction = 1
      let before: number | undefined
      const next = (now: number) => {
        if (before !== undefined) times.push(now - before)
        before = now
        if (times.length === frames) return resolve(times)
        if (scrollY >= end - 1) direction = -1
        if (scrollY <= 1) direction = 1
        scrollBy({ top: step * direction, behavior: 'instant' })
        requestAnimationFrame(next)
      }
      requestAnimationFrame(next)
    }), [frames, step] as const)
