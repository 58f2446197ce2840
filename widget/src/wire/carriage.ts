// The files of one message on their way to the server: one after the other, before the message itself.

import type { OutgoingFile } from "./outgoing";
import type { ChatFile, Problem } from "./protocol.gen";

export type Uploaded = { file: Pick<ChatFile, "id"> } | { error: Problem };

/**
 * Brings one file to the server and never rejects. `told` hears how much is there, from 0 to 1. The same
 * `upload` name makes the same file, however often it is tried.
 */
export type Upload = (
  file: OutgoingFile,
  told: (share: number) => void,
  signal: AbortSignal,
) => Promise<Uploaded>;

export interface Progress {
  /** Not worth keeping: it starts anew with the next try. */
  moved(key: string, share: number): void;
  arrived(key: string, id: string): void;
}

/** Null when all of them are there. The first trouble ends it: the others wait for the next try. */
export async function carry(
  files: readonly OutgoingFile[],
  upload: Upload,
  progress: Progress,
  signal: AbortSignal,
): Promise<Problem | null> {
  for (const file of files) {
    if (file.id !== undefined) continue;
    const { key } = file;
    const outcome = await upload(file, (share) => progress.moved(key, share), signal);
    if ("error" in outcome) return outcome.error;
    progress.arrived(key, outcome.file.id);
  }
  return null;
}

// Each try begins at the first byte, so it is not made every second; nor is a short trouble waited out for long.
const LONGEST_PAUSE_S = 5;

/** Seconds until the next try, after so many that failed. */
export function pauseAfter(tries: number): number {
  return Math.min(2 ** (tries - 1), LONGEST_PAUSE_S);
}

/** Another try by hand: a file that the server no longer has goes up again, as a new one. */
export function anew(
  files: readonly OutgoingFile[] | undefined,
  code: string | undefined,
  newId: () => string,
): readonly OutgoingFile[] | undefined {
  if (code !== "file_gone") return files;
  return files?.map((file) => ({ ...file, id: undefined, share: undefined, upload: newId() }));
}
