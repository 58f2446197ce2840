/** The shapes of the JSON API, as docs/http.md names them. */

import type { Locale as VisitorLocale } from "@chat/widget/locales";
import type { AgentStatus, Fact, Phase, Role } from "../wire";

export interface Items<T> {
  items: T[];
  next: string | null;
}

export interface Person {
  id: string;
  name: string;
  email: string;
  role: Role;
  disabled: boolean;
  status: AgentStatus;
  created_at: string;
}

export interface Invitation {
  id: string;
  email: string;
  role: Role;
  invited_by: string;
  created_at: string;
  expires_at: string;
  link?: string;
  /** With the link: whether it is also on its way by mail. */
  mailed?: boolean;
}

export type SiteLocale = "auto" | VisitorLocale;

/** What a site's owner may write. */
export interface SiteDraft {
  name: string;
  color: string;
  position: "left" | "right";
  greeting: string;
  locale: SiteLocale;
  origins: string[];
  enabled: boolean;
  /** Agents see what visitors write before it is sent; visitors are told. */
  drafts: boolean;
}

export interface Site extends SiteDraft {
  id: string;
  key: string;
  snippet: string;
  preview_url: string;
  /** The page beside the customiser. */
  stage_url: string;
  created_at: string;
}

export interface CannedDraft {
  shortcut: string;
  title: string;
  text: string;
}

export interface CannedReply extends CannedDraft {
  id: string;
  version: number;
  updated_at: string;
  updated_by: string;
}

/** How the visitor found a chat, from 1 to 5. */
export interface Score {
  score: number;
  resolved: boolean | null;
}

export interface Transcript {
  conversation: string;
  phase: Phase;
  visitor: { id: string; name: string | null; email: string | null };
  site: { id: string; name: string };
  agents: { id: string; name: string }[];
  opened_at: string;
  closed_at: string | null;
  last_at: string | null;
  messages: number;
  rating: Score | null;
}

export interface TranscriptPage extends Transcript {
  facts: Fact[];
  next_seq: number | null;
}
