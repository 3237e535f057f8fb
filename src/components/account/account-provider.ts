import type { ClientApi } from '../../client/client-api.js';

/** What a phone sees of an account element. */
export interface AccountProvider extends Element {
  readonly client: ClientApi | null;
  /** Shows the sign-in form. */
  signIn(): void;
}

const providers = new Set<AccountProvider>();
const listeners = new Set<() => void>();

/** Account elements on the page, in the order in which they came. */
export function accountProviders(): readonly AccountProvider[] {
  return [...providers];
}

export function addAccountProvider(provider: AccountProvider): void {
  providers.add(provider);
  accountsChanged();
}

export function removeAccountProvider(provider: AccountProvider): void {
  providers.delete(provider);
  accountsChanged();
}

/** An account came, went, or got another client. */
export function accountsChanged(): void {
  for (const listener of [...listeners]) listener();
}

/** @returns a function that stops listening */
export function onAccountsChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** By id in the same tree; else the nearest around; else the only one (or the first) on the page. */
export function findAccount(element: Element, id: string | null): AccountProvider | null {
  const all = accountProviders();
  if (id) {
    const root = element.getRootNode();
    return (
      all.find((provider) => provider.id === id && provider.getRootNode() === root) ??
      all.find((provider) => provider.id === id) ??
      null
    );
  }
  return all.find((provider) => provider.contains(element)) ?? all[0] ?? null;
}
