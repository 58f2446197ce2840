/** Where the server gives a transcript as a file or as a page for paper. */

import { search } from "../api/http";

interface Options {
  /** With the notes that visitors never saw. */
  notes: boolean;
}

export function exportPath(conversation: string, options: Options): string {
  return `/api/transcripts/${encodeURIComponent(conversation)}/text${query(options)}`;
}

export function printPath(conversation: string, options: Options): string {
  return `/agent/transcripts/${encodeURIComponent(conversation)}/print${query(options)}`;
}

/** The reader's own time zone, as an offset that the server understands: `+08:00`. Pure. */
export function offsetOf(minutesBehindUtc: number): string {
  const minutes = Math.abs(minutesBehindUtc);
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
  return `${minutesBehindUtc > 0 ? "-" : "+"}${two(minutes / 60)}:${two(minutes % 60)}`;
}

function query({ notes }: Options): string {
  return search({ tz: offsetOf(new Date().getTimezoneOffset()), notes: notes ? 1 : null });
}
