// The bytes of files that are not on the server yet, kept over a reload where the browser allows.

import { nameOf } from "./forget";

export interface Vault {
  /** Rejects when the file cannot be read. */
  put(key: string, file: Blob): Promise<void>;
  get(key: string): Promise<Blob | null>;
  remove(key: string): Promise<void>;
  /** It goes when this page goes. */
  loses(key: string): boolean;
  /** Removes what nobody will ever ask for, left behind by pages that ended in between. */
  sweep(isNeeded: (key: string) => boolean): Promise<void>;
}

interface Kept {
  file: Blob;
  at: number;
}

const STORE = "files";
// Another tab may hold a file for a message that is not written yet, and we would not know.
const OLD_MS = 7 * 86_400_000;

/**
 * A database of its own, named after whose the files are. `open` throws where frames of other origins get no
 * storage; then the bytes are held in memory.
 */
export function openVault(
  scope: string,
  open: () => IDBFactory,
  now: () => number,
  /** What `loses` says may have changed. */
  changed: () => void = () => {},
): Vault {
  const held = new Map<string, Blob>();
  const writing = new Map<string, Promise<void>>();
  let before: Promise<void> = Promise.resolve();
  let database: Promise<IDBDatabase> | null = null;

  async function run<Result>(
    mode: IDBTransactionMode,
    ask: (store: IDBObjectStore) => IDBRequest<Result>,
  ): Promise<Result> {
    database ??= connect(scope, open);
    const transaction = (await database).transaction(STORE, mode);
    const request = ask(transaction.objectStore(STORE));
    return new Promise((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  }

  async function write(key: string, file: Blob): Promise<void> {
    const copy = await snapshot(file);
    held.set(key, copy);
    const kept: Kept = { file: copy, at: now() };
    try {
      await run("readwrite", (store) => store.put(kept, key));
      held.delete(key);
    } catch {
      // Forbidden, or full: the copy in memory has to do.
    }
  }

  return {
    put: (key, file) => {
      const done = before.then(() => write(key, file));
      const settled = () => {
        writing.delete(key);
        changed();
      };
      // One after the other: ten large files at once would not fit into a phone.
      before = done.then(settled, settled);
      writing.set(key, done);
      return done;
    },
    get: async (key) => {
      await writing.get(key)?.catch(() => undefined);
      const copy = held.get(key);
      if (copy) return copy;
      const kept = await run<Kept | undefined>("readonly", (store) => store.get(key)).catch(
        () => undefined,
      );
      return kept?.file ?? null;
    },
    remove: async (key) => {
      await writing.get(key)?.catch(() => undefined);
      held.delete(key);
      await run("readwrite", (store) => store.delete(key)).catch(() => undefined);
    },
    loses: (key) => held.has(key) || writing.has(key),
    sweep: async (isNeeded) => {
      const keys = await run("readonly", (store) => store.getAllKeys()).catch(() => []);
      for (const key of keys.map(String).filter((one) => !isNeeded(one))) {
        const kept = await run<Kept | undefined>("readonly", (store) => store.get(key));
        if (kept && now() - kept.at > OLD_MS) await run("readwrite", (store) => store.delete(key));
      }
    },
  };
}

/** A file on the disk may change or go before it is sent. Rejects when it cannot be read, as a folder cannot. */
async function snapshot(file: Blob): Promise<Blob> {
  return new Blob([await file.arrayBuffer()], { type: file.type });
}

function connect(scope: string, open: () => IDBFactory): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = open().open(nameOf(scope), 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onerror = () => reject(request.error);
    request.onsuccess = () => {
      // Another tab forgets everything: holding on to it would keep that from happening.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
  });
}
