/** So many are remembered: what had the keyboard before a dialog, and before the dialog above it. */
const REMEMBERED = 10

/**
 * Gives the keyboard back to what had it when a dialog goes. antd does so for a dialog that it closes itself; ours go with the component that
 * shows them, before antd can.
 */
export function startFocusReturn(): void {
  const recent: HTMLElement[] = []
  document.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof HTMLElement)) return
    const at = recent.indexOf(target)
    if (at >= 0) recent.splice(at, 1)
    recent.push(target)
    if (recent.length > REMEMBERED) recent.shift()
  })
  // Dialogs are children of the body. What had the keyboard last is gone with one, and nothing has it now.
  new MutationObserver((changes) => {
    const hasKeyboard = document.activeElement !== null && document.activeElement !== document.body
    if (hasKeyboard || recent.at(-1)?.isConnected !== false || changes.every(({ removedNodes }) => removedNodes.length === 0)) return
    recent.findLast((element) => element.isConnected)?.focus({ preventScroll: true })
  }).observe(document.body, { childList: true })
}
