/** Sets an element's text by changing its text node in place: replacing it twice a second would leave thousands of nodes to collect. */
export function writeText(element: HTMLElement, text: string): void {
  const node = element.firstChild
  if (node) {
    if (node.nodeValue !== text) node.nodeValue = text
  } else element.textContent = text
}
