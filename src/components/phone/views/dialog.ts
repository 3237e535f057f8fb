/** For a button inside of it. */
export function closeDialog(event: Event): void {
  if (event.target instanceof Element) event.target.closest('dialog')?.close();
}

/** The dialog's own box is covered by its body: a click that hits the dialog itself hit the backdrop. */
export function closeOnBackdrop(event: Event): void {
  if (event.target instanceof HTMLDialogElement) event.target.close();
}
