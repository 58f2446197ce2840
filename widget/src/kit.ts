// What files in messages need. It weighs as much as half the panel, so it comes when there are files, or time.

import type { ReadonlySignal } from "@preact/signals";
import type { ComponentType } from "preact";
import { late } from "./late";
import type { MessageRow } from "./rows";
import type { OutgoingFile, Upload } from "./wire";

export interface FileKit {
  /** Of the message that is being written. */
  attached: ReadonlySignal<readonly OutgoingFile[]>;
  add(files: readonly File[]): void;
  take(): readonly OutgoingFile[];
  upload: Upload;
  /** Files on their way that would be lost with this page. */
  losing: ReadonlySignal<boolean>;
  Attachments: ComponentType;
  Files: ComponentType<{ row: MessageRow }>;
  /** What is to say of a message with files; null when nothing beyond the usual. */
  status(row: MessageRow): string | null;
  reason(code: string): string | null;
}

export interface Files {
  kit: ReadonlySignal<FileKit | null>;
  load(): Promise<FileKit>;
  upload: Upload;
}

export function openFiles(make: () => Promise<FileKit>): Files {
  const { part, load } = late(make);
  return {
    kit: part,
    load,
    upload: async (...file) => {
      try {
        return await (await load()).upload(...file);
      } catch {
        return { error: { code: "unavailable", message: "", temporary: true } };
      }
    },
  };
}
