// Names and sizes of files as text on a screen.

import { endingOf } from "./check";

export interface NameParts {
  /** May be cut when there is no room. */
  stem: string;
  /** Always shown: it tells what the file is. */
  ending: string;
}

// A name is text. Marks that turn the direction of writing could show `gpj.exe` as `exe.jpg`.
const INVISIBLE = /\p{Cc}|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

export function nameParts(name: string): NameParts {
  const shown = shownName(name);
  const { length } = endingOf(shown);
  const cut = length < shown.length ? shown.length - length : shown.length;
  return { stem: shown.slice(0, cut), ending: shown.slice(cut) };
}

export function shownName(name: string): string {
  return name.replace(INVISIBLE, "") || "?";
}

/** `PDF`; of a name without an ending, nothing. */
export function kindOf(name: string): string {
  return endingOf(shownName(name)).slice(1).toUpperCase();
}

export function createSizes(locale: string): (bytes: number) => string {
  const formats = UNITS.map(
    (unit) =>
      new Intl.NumberFormat(locale, {
        style: "unit",
        unit,
        unitDisplay: unit === "byte" ? "long" : "short",
        maximumFractionDigits: unit === "megabyte" || unit === "gigabyte" ? 1 : 0,
      }),
  );
  return (bytes) => {
    // By 1024, as limits are set and most file managers count.
    const step = Math.min(Math.floor(Math.log2(Math.max(bytes, 1)) / 10), UNITS.length - 1);
    return formats[step]?.format(bytes / 1024 ** step) ?? "";
  };
}

/** How much of a message's files is there, from 0 to 1. */
export function shareOf(
  files: readonly { bytes: number; share?: number | null | undefined }[],
): number {
  const whole = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const there = files.reduce((sum, { bytes, share }) => sum + bytes * (share ?? 0), 0);
  return whole > 0 ? there / whole : 0;
}
