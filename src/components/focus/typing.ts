/** Whether the focus, in whatever shadow tree, is where text goes: nothing may take it away then. */
export function isSomeoneTyping(document: Document): boolean {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  if (focused instanceof HTMLInputElement) return !NOT_TEXT.has(focused.type);
  if (focused instanceof HTMLIFrameElement) return true; // cannot be known: leave it alone
  return focused instanceof HTMLTextAreaElement || (focused instanceof HTMLElement && focused.isContentEditable);
}

const NOT_TEXT: ReadonlySet<string> = new Set([
  'button',
  'checkbox',
  'radio',
  'range',
  'submit',
  'reset',
  'image',
  'file',
  'color',
]);
