/** Files of the console: what is attached where, where bytes wait, the server's doors. */

import {
  type Attachments,
  createAttachments,
  createPictures,
  createRelease,
  type FileLimits,
  forgetVault,
  keysOf,
  type Links,
  measure,
  openDoors,
  openVault,
  type Pictures,
} from "@chat/widget/files";
import { type Outgoing, openShelf, readOutgoing, type Shelf, type Upload } from "@chat/widget/wire";
import type { Store } from "../session/store";
import type { Mode } from "../thread/use-draft";
import type { ConversationId } from "../wire";

export interface Desk {
  upload: Upload;
  links: Links;
  pictures: Pictures;
  limits(): FileLimits;
  attachments(conversation: ConversationId, mode: Mode): Attachments;
  /** Files on their way that would be lost with this page. */
  loses(): boolean;
  /** Nothing of this agent's stays in this browser. */
  forget(): void;
}

export interface DeskOptions {
  /** Names what is kept in this browser, for this agent. */
  scope: string;
  csrf: string;
  store: Store;
  /** Where the outbox keeps its messages. */
  shelf: Shelf;
}

export function openDesk({ scope, csrf, store, shelf }: DeskOptions): Desk {
  const vault = openVault(scope, () => indexedDB, Date.now);
  const drafts = openShelf(scope, () => sessionStorage);
  const held = new Map<string, Attachments>();
  const pictures = createPictures(vault);
  const doors = openDoors({
    url: () => "/uploads/agent",
    headers: () => ({ "X-CSRF-Token": csrf }),
    vault,
  });

  function limits(): FileLimits {
    const { files = 0, file_bytes = 0, file_types = [] } = store.get().limits ?? {};
    return { files, file_bytes, file_types };
  }

  function attachments(conversation: ConversationId, mode: Mode): Attachments {
    const name = `files:${conversation}:${mode}`;
    const known = held.get(name);
    if (known) return known;
    const newId = () => crypto.randomUUID();
    const made = createAttachments({
      limits,
      vault,
      pictures,
      shelf: drafts,
      name,
      measure,
      newId,
    });
    held.set(name, made);
    return made;
  }

  function isUsed(key: string): boolean {
    const attached = [...held.values()].flatMap((one) => one.get().files);
    return (
      keysOf(store.get().outbox).includes(key) ||
      keysOf(readAll(shelf)).includes(key) ||
      attached.some((file) => file.key === key)
    );
  }

  const release = createRelease(vault, pictures);
  let outbox = store.get().outbox;
  store.subscribe(() => {
    if (store.get().outbox === outbox) return;
    outbox = store.get().outbox;
    release(outbox);
  });
  void vault.sweep(isUsed).catch(() => undefined);

  return {
    ...doors,
    pictures,
    limits,
    attachments,
    loses: () => keysOf(store.get().outbox).some(vault.loses),
    forget: () => forgetVault(scope, () => indexedDB),
  };
}

function readAll(shelf: Shelf): Outgoing[] {
  const names = shelf.names().filter((name) => name.startsWith("outbox."));
  return names.flatMap((name) => readOutgoing(shelf.get(name)));
}
