/** After a refused submit: brings the first error into view and the keyboard to its field. */
export function showFirstError(form: HTMLElement): void {
  requestAnimationFrame(() => {
    const field = form.querySelector('.field-error')?.closest('.field, li')
    field?.scrollIntoView({ block: 'center' })
    field?.querySelector<HTMLElement>('input:not([type=hidden]), textarea')?.focus({ preventScroll: true })
  })
}
