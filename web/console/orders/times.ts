/** Instants as the browser's own fields write them, in the time of this machine. */
export const instant = (local: string): string | null => (local === '' ? null : new Date(local).toISOString())

export function local(at: string | number | null): string {
  if (at === null) return ''
  const d = new Date(at)
  return new Date(d.getTime() - d.getTimezoneOffset() * 60_000).toISOString().slice(0, 16)
}
