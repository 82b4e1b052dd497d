import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** What axe finds wrong with a page as it is now: rule and elements, one line each. */
export async function violations(page: Page): Promise<string[]> {
  // Menus open at the end of the page, outside its landmarks, between guards that hand the focus on.
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(axe.source)
  const { violations, passes } = await page.evaluate(() => {
    const { axe }: { axe: typeof import('axe-core') } = Object.assign(globalThis)
    return axe.run({ exclude: [['[data-base-ui-focus-guard]']] }, {
      // Of what is right one element will do: naming all takes longer than looking at them.
      resultTypes: ['violations'],
      rules: { region: { enabled: document.querySelector('[role=menu]') === null } },
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    })
  })
  if (passes.length === 0) throw new Error('axe looked at nothing')
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`)
}
