/**
 * Live regions in the light DOM: those in shadow trees are read late or not at all by some screen
 * readers. One pair per document, shared by all elements.
 */
export type Politeness = 'polite' | 'assertive';

const HIDDEN =
  'position:absolute;inline-size:1px;block-size:1px;margin:-1px;padding:0;overflow:hidden;clip-path:inset(50%);white-space:nowrap;border:0';

/** @param text plain text; the same text twice in a row is spoken twice */
export function announce(document: Document, text: string, politeness: Politeness = 'polite'): void {
  const region = document.querySelector(`[data-ims-announcer="${politeness}"]`) ?? createRegion(document, politeness);
  // A new node each time: an unchanged text node would not be spoken again.
  const line = document.createElement('p');
  line.textContent = text;
  region.replaceChildren(line);
}

/** Created empty and early: a region that appears together with its text is often not read. */
export function prepareAnnouncer(document: Document): void {
  for (const politeness of ['polite', 'assertive'] as const)
    if (!document.querySelector(`[data-ims-announcer="${politeness}"]`)) createRegion(document, politeness);
}

function createRegion(document: Document, politeness: Politeness): HTMLElement {
  const region = document.createElement('div');
  region.dataset['imsAnnouncer'] = politeness;
  region.setAttribute('role', politeness === 'polite' ? 'status' : 'alert');
  region.setAttribute('aria-live', politeness);
  region.setAttribute('aria-atomic', 'true');
  // Property by property: a style attribute would need `unsafe-inline` under a strict policy.
  for (const rule of HIDDEN.split(';')) {
    const [name, value] = rule.split(':');
    if (name && value) region.style.setProperty(name, value);
  }
  document.body.append(region);
  return region;
}
