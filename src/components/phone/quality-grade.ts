export type QualityGrade = 'excellent' | 'good' | 'fair' | 'poor' | 'bad';

/**
 * ITU-T G.107 annex B's user satisfaction bands, on MOS.
 * @param mos 1..4.5
 */
export function qualityGrade(mos: number): QualityGrade {
  if (mos >= 4.3) return 'excellent';
  if (mos >= 4.0) return 'good';
  if (mos >= 3.6) return 'fair';
  if (mos >= 3.1) return 'poor';
  return 'bad';
}

/** Bars out of four that the meter fills. */
export function qualityBars(grade: QualityGrade): 1 | 2 | 3 | 4 {
  switch (grade) {
    case 'excellent':
      return 4;
    case 'good':
      return 3;
    case 'fair':
      return 2;
    // The colour tells the two apart, and the word does.
    case 'poor':
    case 'bad':
      return 1;
  }
}
