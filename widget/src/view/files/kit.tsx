// Puts together what files in messages need: where bytes wait, the doors of the server, the views.

import { computed, effect, signal } from "@preact/signals";
import {
  createAttachments,
  createPictures,
  createRelease,
  createSizes,
  keysOf,
  measure,
  openDoors,
  openVault,
  shareOf,
} from "../../files";
import lightbox from "../../files/lightbox.css?inline";
import { newId } from "../../ids";
import type { FileKit } from "../../kit";
import type { MessageRow } from "../../rows";
import type { Session } from "../../session";
import type { Language } from "../../text";
import { openShelf, readOutgoing, type Shelf } from "../../wire";
import { wear } from "../wear";
import { AttachmentsView } from "./attachments";
import styles from "./files.css?inline";
import { MessageFiles } from "./message-files";
import { type FileKey, type FileWords, loadFileWords } from "./text";
import type { Tools } from "./tools";

export interface KitOptions {
  /** Names what is kept in the browser. */
  scope: string;
  url: string;
  token(): string | null;
  session: Session;
  shelf: Shelf;
  language: Language;
}

export async function createKit(options: KitOptions): Promise<FileKit> {
  const { scope, session, shelf, language } = options;
  const t = await loadFileWords(language);
  wear(`${styles}${lightbox}`);
  const kept = signal(0);
  const changed = () => {
    kept.value += 1;
  };
  const vault = openVault(scope, () => indexedDB, Date.now, changed);
  const { upload, links } = openDoors({
    url: () => options.url,
    headers: () => ({ Authorization: `Bearer ${options.token() ?? ""}` }),
    vault,
  });
  const limits = () => limitsOf(session);
  const pictures = createPictures(vault);
  const attachments = createAttachments({
    limits,
    vault,
    pictures,
    shelf: openShelf(scope, () => sessionStorage),
    name: "files",
    measure,
    newId,
  });
  const attached = signal(attachments.get());
  attachments.subscribe(() => {
    attached.value = attachments.get();
  });
  const outbox = computed(() => session.store.state.value.outbox);
  const percent = new Intl.NumberFormat(language.region, { style: "percent" });
  const tools: Tools = {
    session,
    t,
    attachments,
    attached,
    links,
    pictures,
    limits,
    size: createSizes(language.region),
    percent: (share) => percent.format(share),
  };
  const release = createRelease(vault, pictures);
  effect(() => release(outbox.value));
  const isUsed = (key: string) =>
    keysOf(outbox.value).includes(key) || attached.value.files.some((file) => file.key === key);
  void vault.sweep((key) => isUsed(key) || isOnShelf(shelf, key)).catch(() => undefined);
  return {
    attached: computed(() => attached.value.files),
    add: attachments.add,
    take: attachments.take,
    upload,
    losing: computed(() => kept.value >= 0 && keysOf(outbox.value).some(vault.loses)),
    Attachments: () => <AttachmentsView tools={tools} />,
    Files: ({ row }) => <MessageFiles row={row} tools={tools} />,
    status: (row) => statusText(row, tools),
    reason: (code) => reasonText(code, t),
  };
}

/** Another tab may be about to send it. */
function isOnShelf(shelf: Shelf, key: string): boolean {
  const names = shelf.names().filter((name) => name.startsWith("outbox."));
  return names.some((name) => keysOf(readOutgoing(shelf.get(name))).includes(key));
}

function limitsOf(session: Session) {
  const { files = 0, file_bytes = 0, file_types = [] } = session.store.state.value.limits ?? {};
  return { files, file_bytes, file_types };
}

function statusText({ files, status }: MessageRow, { t, percent }: Tools): string | null {
  if (status !== "sending" || files.length === 0) return null;
  return t("sending", { percent: percent(shareOf(files)) });
}

const REASONS: Partial<Record<string, FileKey>> = {
  file_too_large: "failed.file_too_large",
  too_large: "failed.file_too_large",
  file_type: "failed.file_type",
  file_gone: "failed.file_gone",
  file_lost: "failed.file_lost",
  rate_limited: "failed.rate_limited",
  storage_full: "failed.storage_full",
};

function reasonText(code: string, t: FileWords): string | null {
  const key = REASONS[code];
  return key ? t(key) : null;
}
