import { readFileSync } from 'node:fs';

/** What people copy from the documents. */
const DOCUMENTS = ['README.md', 'docs/elements.md', 'docs/embedding.md', 'docs/registration.md'];

export interface Snippet {
  readonly document: string;
  readonly language: string;
  readonly text: string;
}

/** Every fenced block of one language. */
export function snippets(language: string): Snippet[] {
  return DOCUMENTS.flatMap((document) =>
    [...readFileSync(document, 'utf8').matchAll(/^ *```(\w+)\n([^]*?)^ *```$/gm)]
      .map(([, found = '', text = '']) => ({ document, language: found, text }))
      .filter((snippet) => snippet.language === language),
  );
}
