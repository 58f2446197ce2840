// The files of the message that is being written: checked, kept over a reload, not sent yet.

import { isOutgoingFile, type OutgoingFile, type Shelf } from "../wire";
import { type FileLimits, nameOf, type Refusal, refusalOf } from "./check";
import type { Pictures } from "./pictures";
import type { Box } from "./shape";
import type { Vault } from "./vault";

export interface Attached {
  readonly files: readonly OutgoingFile[];
  /** What was not taken the last time, and why. */
  readonly refused: readonly Refused[];
}

export interface Refused {
  readonly name: string;
  readonly why: Refusal;
}

export interface Attachments {
  get(): Attached;
  subscribe(listener: () => void): () => void;
  add(files: readonly File[]): void;
  remove(key: string): void;
  /** Hands the files to a message and forgets them here. */
  take(): readonly OutgoingFile[];
}

export interface AttachmentsOptions {
  limits(): FileLimits;
  vault: Pick<Vault, "put" | "get" | "remove">;
  pictures: Pick<Pictures, "drop">;
  /** Lives as long as the tab: two tabs must not send the same file. */
  shelf: Shelf;
  /** Where on the shelf. */
  name: string;
  /** The size of a picture in pixels; null for what is none. */
  measure(file: File): Promise<Box | null>;
  newId(): string;
}

export function createAttachments(options: AttachmentsOptions): Attachments {
  const { vault, shelf, name } = options;
  const listeners = new Set<() => void>();
  let attached: Attached = { files: read(shelf.get(name)), refused: [] };

  function become(next: Partial<Attached>): void {
    attached = { ...attached, ...next };
    if (attached.files.length > 0) shelf.set(name, JSON.stringify(attached.files));
    else shelf.remove(name);
    for (const listener of listeners) listener();
  }

  function without(key: string): readonly OutgoingFile[] {
    return attached.files.filter((file) => file.key !== key);
  }

  function add(files: readonly File[]): void {
    const limits = options.limits();
    const refused: Refused[] = [];
    const taken: [OutgoingFile, File][] = [];
    const room = limits.files - attached.files.length;
    for (const file of files) {
      const one = { name: nameOf(file), size: file.size };
      const why = taken.length < room ? refusalOf(one, limits) : "too_many";
      if (why === null) taken.push([entryOf(one, file.type), file]);
      else if (why !== "too_many" || refused.at(-1)?.why !== why) refused.push({ ...one, why });
    }
    become({ files: [...attached.files, ...taken.map(([entry]) => entry)], refused });
    for (const [entry, file] of taken) void hold(entry, file);
  }

  function entryOf({ name, size }: { name: string; size: number }, type: string): OutgoingFile {
    const key = options.newId();
    return { key, upload: key, name, type, bytes: size };
  }

  async function hold(entry: OutgoingFile, file: File): Promise<void> {
    const { key } = entry;
    const putting = vault.put(key, file);
    putting.catch(() => undefined);
    const box = await options.measure(file);
    if (box)
      become({ files: attached.files.map((one) => (one.key === key ? { ...one, ...box } : one)) });
    try {
      await putting;
    } catch {
      const refused = [...attached.refused, { name: entry.name, why: "unreadable" } as const];
      become({ files: without(key), refused });
    }
  }

  /** What the tab remembers is worth nothing without the bytes. */
  async function check(): Promise<void> {
    for (const { key } of attached.files)
      if ((await vault.get(key)) === null) become({ files: without(key) });
  }

  void check();

  return {
    get: () => attached,
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    add,
    remove: (key) => {
      become({ files: without(key), refused: [] });
      options.pictures.drop(key);
      void vault.remove(key);
    },
    take: () => {
      const { files } = attached;
      become({ files: [], refused: [] });
      return files;
    },
  };
}

function read(stored: string | null): readonly OutgoingFile[] {
  try {
    const found: unknown = JSON.parse(stored ?? "[]");
    return Array.isArray(found) ? found.filter(isOutgoingFile) : [];
  } catch {
    return []; // not ours
  }
}
