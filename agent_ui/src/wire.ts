/** The agent's wire under the console's own short names. Types only; the connection is session/link. */

import type { AgentServerMessage, AgentYou } from "@chat/widget/wire";

export type {
  Agent,
  AgentClientMessage as ClientFrame,
  AgentServerMessage as ServerFrame,
  AgentStatus,
  Author,
  Bus,
  Fact,
  InboxRow,
  Limits,
  Ok,
  Page,
  Phase,
  Problem,
  Rating,
  Storage,
  Visitor,
} from "@chat/widget/wire";

export type ConversationId = string;
export type Role = AgentYou["role"];

/** The server frame of one kind. */
export type AgentFrame<T extends AgentServerMessage["t"]> = Extract<AgentServerMessage, { t: T }>;
