/** Numbers and times in one form everywhere: never the locale's, so that 1.000 and 1,000 cannot be confused (DG-26). */
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const;

export function grouped(count: number): string {
  return String(Math.round(count)).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** "4:52"; hours only when there are any: "1:04:52". Never negative. */
export function timeLeft(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const rest = `${twoDigits(Math.floor(seconds / 60) % 60)}:${twoDigits(seconds % 60)}`;
  const hours = Math.floor(seconds / 3600);
  return hours > 0 ? `${hours}:${rest}` : rest.replace(/^0/, '');
}

/** "14:02", this machine's time zone. */
export function clockTime(instant: string): string {
  const date = new Date(instant);
  return `${twoDigits(date.getHours())}:${twoDigits(date.getMinutes())}`;
}

/** "21 Nov 2026, 14:02", this machine's time zone. */
export function dateAndTime(instant: string): string {
  const date = new Date(instant);
  return `${date.getDate()} ${MONTHS[date.getMonth()] ?? ''} ${date.getFullYear()}, ${clockTime(instant)}`;
}

/** The time alone for today, with the date otherwise. */
export function shortTime(instant: string, nowMs: number): string {
  const date = new Date(instant);
  const now = new Date(nowMs);
  return date.toDateString() === now.toDateString() ? clockTime(instant) : dateAndTime(instant);
}

/** "just now", "2 min ago", "3 h ago", then the date. */
export function ago(instant: string, nowMs: number): string {
  const minutes = Math.floor((nowMs - Date.parse(instant)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h ago`;
  return dateAndTime(instant);
}

/** "85 ms", "1.2 s". */
export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
