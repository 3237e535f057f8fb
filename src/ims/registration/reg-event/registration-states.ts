import type { ContactInfo, ReginfoDocument, RegistrationInfo } from './reginfo.js';

/** What became of a document. */
export type Applied =
  | 'applied'
  | 'gap' // applied, but there was one before that we never saw: ask for the whole state
  | 'discarded'; // older than what is known

interface Row {
  readonly info: Omit<RegistrationInfo, 'contacts'>;
  readonly contacts: Map<string, ContactInfo>;
}

/** The registrations that one notifier told of, full and partial documents put together (RFC 3680 §5.2). */
export class RegistrationStates {
  #version: number | null = null;
  readonly #rows = new Map<string, Row>();

  get registrations(): readonly RegistrationInfo[] {
    return [...this.#rows.values()].map(({ info, contacts }) => ({ ...info, contacts: [...contacts.values()] }));
  }

  /** Another notifier counts anew. */
  reset(): void {
    this.#version = null;
    this.#rows.clear();
  }

  apply(document: ReginfoDocument): Applied {
    const { version, state } = document;
    const known = this.#version;
    // The sequence of the NOTIFYs is checked: a full document of the same number comes from who does not count.
    if (known !== null && (version < known || (version === known && state === 'partial'))) return 'discarded';
    const gap = state === 'partial' && (known === null || version > known + 1);
    this.#version = version;
    this.#forgetTerminated();
    if (state === 'full') this.#rows.clear();
    for (const { contacts, ...info } of document.registrations) {
      const row = { info, contacts: this.#rows.get(info.id)?.contacts ?? new Map<string, ContactInfo>() };
      for (const contact of contacts) row.contacts.set(contact.id, contact);
      this.#rows.set(info.id, row);
    }
    return gap ? 'gap' : 'applied';
  }

  /** §5.2: what ended may be forgotten; it was shown since the document before. */
  #forgetTerminated(): void {
    for (const [id, { info, contacts }] of this.#rows) {
      if (info.state === 'terminated') this.#rows.delete(id);
      for (const [contactId, contact] of contacts) if (contact.state === 'terminated') contacts.delete(contactId);
    }
  }
}
