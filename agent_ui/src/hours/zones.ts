/** The time zones that a browser knows, with the one in use. */

export function zones(current: string): string[] {
  return [...new Set(["UTC", ...Intl.supportedValuesOf("timeZone"), current])].filter(
    (zone) => zone === "UTC" || zone.includes("/"),
  );
}
