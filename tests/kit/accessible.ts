import axe from 'axe-core'
import type { Page } from 'playwright-core'

interface AxeResults {
  violations: { id: string; help: string; nodes: { target: string[]; any: { message: string }[] }[] }[]
}

/**
 * What breaks WCAG 2.1 level A or AA on the page as it stands (contrast, names, roles, labels), one line each, as axe-core finds it; with a
 * selector only in what that matches.
 */
export async function accessibilityProblems(page: Page, within?: string): Promise<string[]> {
  if (!(await page.evaluate<boolean>('typeof window.axe === "object"'))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"], resultTypes: ["violations"] })`,
  )
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.slice(0, 3).map(({ target, any }) => `${id} (${help}): ${target.join(' ')} ${any[0]?.message ?? ''}`.trim()),
  )
}
