import Grammar from 'jssip/lib/Grammar.js';

/** The grammar is generated code that recurses on its input and may throw: longer text is not handed to it. */
const MAXIMUM_LENGTH = 1024;

/** Start rules of the grammar that we rely on; the contract test covers each. */
export type GrammarRule = 'Event' | 'Replaces' | 'Session_Expires' | 'Subscription_State';

/**
 * Whether `text` is what `rule` of jssip's PEG grammar describes: the judge of values that have no fast path of ours.
 * Never throws. This is the only file that imports jssip.
 */
export function isGrammatical(rule: GrammarRule, text: string): boolean {
  if (text.length > MAXIMUM_LENGTH) return false;
  try {
    const result: unknown = Grammar.parse(text, rule);
    return result !== -1;
  } catch {
    return false;
  }
}
