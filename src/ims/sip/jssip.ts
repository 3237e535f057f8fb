import Grammar from 'jssip/lib/Grammar.js';

/**
 * The one import of jssip: its PEG grammar of RFC 3261 judges the values that our fast paths do not cover.
 * The grammar is generated code that may throw and that recurses on its input, so every call is guarded by a length
 * limit and a catch.
 */
const MAXIMUM_LENGTH = 1024;

/** Start rules of the grammar that we rely on; a contract test covers each. */
export type GrammarRule =
  | 'display_name'
  | 'Event'
  | 'Replaces'
  | 'Refer_To'
  | 'Session_Expires'
  | 'Subscription_State'
  | 'Reason'
  | 'Content_Disposition';

/** Whether `text` is what `rule` describes. Never throws; longer text than 1024 characters is not looked at. */
export function isGrammatical(rule: GrammarRule, text: string): boolean {
  if (text.length > MAXIMUM_LENGTH) return false;
  try {
    const result: unknown = Grammar.parse(text, rule);
    return result !== -1;
  } catch {
    return false;
  }
}

export function displayNameIsGrammatical(text: string): boolean {
  return isGrammatical('display_name', text);
}
