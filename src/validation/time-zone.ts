import { suggestion } from "./problem";
import type { Findings, Known } from "./settings-rule";

/** Settings with the time zone of a schedule. */
interface Zoned {
  readonly timeZone?: string;
}

/** Checks that the time zone of a schedule exists. */
export function* knownTimeZone({ timeZone }: Known<Zoned>): Findings<Zoned> {
  if (timeZone === undefined || isTimeZone(timeZone)) return;
  yield { at: "timeZone", must: "be the IANA name of a time zone", fix: meantTimeZone(timeZone) };
}

/** The list takes Node some milliseconds, so only a schedule reads it. */
const timeZones = () => Intl.supportedValuesOf("timeZone");

/** Node lists one name of each zone. It also accepts the others (Etc/UTC, Asia/Kolkata), in any case. AWS requires the exact case. */
function isTimeZone(name: string): boolean {
  if (timeZones().includes(name)) return true;
  if (!/^[A-Z]/.test(name) || timeZones().some((zone) => zone.toLowerCase() === name.toLowerCase())) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }) !== undefined;
  } catch {
    return false;
  }
}

/** Returns a fix with the zone in the right case, the zone of a city, or a zone with a similar name. */
function meantTimeZone(name: string): string {
  const lower = name.toLowerCase();
  const same = timeZones().find((zone) => zone.toLowerCase() === lower || zone.toLowerCase().endsWith(`/${lower}`));
  const fix = same ? `Did you mean "${same}"?` : suggestion(name, timeZones());
  return fix.startsWith("Did you mean") ? fix : 'For example "Asia/Seoul".';
}
