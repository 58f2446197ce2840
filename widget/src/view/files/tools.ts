// What the views of files share.

import type { Signal } from "@preact/signals";
import type { Attached, Attachments, FileLimits, Links, Pictures } from "../../files";
import type { Session } from "../../session";
import type { FileWords } from "./text";

export interface Tools {
  session: Session;
  t: FileWords;
  attachments: Attachments;
  attached: Signal<Attached>;
  links: Links;
  /** From the bytes that are still here, by key. */
  pictures: Pictures;
  limits(): FileLimits;
  size(bytes: number): string;
  percent(share: number): string;
}
