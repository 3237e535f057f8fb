/** ITU-T E.161: the twelve keys and their letters. `0` carries `+`, by a long press. */
export const KEY_PAD_KEYS: readonly { readonly tone: string; readonly letters: string }[] = [
  { tone: '1', letters: '' },
  { tone: '2', letters: 'ABC' },
  { tone: '3', letters: 'DEF' },
  { tone: '4', letters: 'GHI' },
  { tone: '5', letters: 'JKL' },
  { tone: '6', letters: 'MNO' },
  { tone: '7', letters: 'PQRS' },
  { tone: '8', letters: 'TUV' },
  { tone: '9', letters: 'WXYZ' },
  { tone: '*', letters: '' },
  { tone: '0', letters: '+' },
  { tone: '#', letters: '' },
];

const COLUMNS = 3;

export function isTone(key: string): boolean {
  return /^[0-9*#]$/.test(key);
}

/** Roving focus. The pad is never mirrored, so left is left in every language. @returns the new index, or null */
export function moveOnPad(index: number, key: string): number | null {
  const column = index % COLUMNS;
  switch (key) {
    case 'ArrowLeft':
      return column > 0 ? index - 1 : index;
    case 'ArrowRight':
      return column < COLUMNS - 1 ? index + 1 : index;
    case 'ArrowUp':
      return index >= COLUMNS ? index - COLUMNS : index;
    case 'ArrowDown':
      return index + COLUMNS < KEY_PAD_KEYS.length ? index + COLUMNS : index;
    case 'Home':
      return index - column;
    case 'End':
      return index - column + COLUMNS - 1;
    default:
      return null;
  }
}
