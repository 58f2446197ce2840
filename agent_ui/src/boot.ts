/** What the server wrote into the page: who signed in, what they may do, where the socket is. */

import type { Role } from "./wire";

export type Permission =
  | "site.manage"
  | "people.manage"
  | "mail.manage"
  | "canned.manage"
  | "transcript.read"
  | "conversation.assign_others";

export interface Me {
  id: string;
  name: string;
  email: string;
  role: Role;
  locale: string;
  workspace: { id: string; name: string };
}

export interface Boot {
  me: Me;
  csrf: string;
  socket: string;
  locale: string;
  permissions: string[];
  limits: { text_chars: number; canned_chars: number };
  nonce: string;
  demo?: boolean;
}

export function readBoot(document: Document): Boot {
  const text = document.getElementById("boot")?.textContent;
  if (!text) throw new Error("the page carries no boot data");
  return JSON.parse(text) as Boot;
}
