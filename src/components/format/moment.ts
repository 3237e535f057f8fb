const DAY_MS = 86_400_000;

/**
 * When something was, as short as it stays clear: the time today, the weekday this week, else the date.
 * @param at wall-clock ms @param now wall-clock ms @param lang BCP 47
 */
export function formatMoment(at: number, now: number, lang: string): string {
  const moment = new Date(at);
  if (moment.toDateString() === new Date(now).toDateString())
    return format(moment, lang, { hour: 'numeric', minute: '2-digit' });
  if (now - at < 6 * DAY_MS) return format(moment, lang, { weekday: 'short' });
  return format(moment, lang, { day: 'numeric', month: 'short' });
}

/** Date and time in full. */
export function formatInstant(at: number, lang: string): string {
  return format(new Date(at), lang, { dateStyle: 'medium', timeStyle: 'medium' });
}

function format(moment: Date, lang: string, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(lang, options).format(moment);
}
