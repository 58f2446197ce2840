// Generated from chatserver/protocol by `chatserver protocol`. Never edit it by hand.
// The server leaves out fields that have their default value, so these are optional here.

export const VERSION = 3;

/** Why a socket was closed. `reconnects` says whether the client should come back. */
export const CloseCode = {
  DONE: 1000,
  TOO_BIG: 1009,
  INTERNAL: 1011,
  RESTART: 1012,
  TRY_LATER: 1013,
  DRAIN: 4001,
  TOKEN_EXPIRED: 4002,
  RESYNC: 4003,
  SLOW: 4008,
  NO_PONG: 4012,
  RATE_LIMITED: 4013,
  NO_HELLO: 4014,
  BAD_PROTOCOL: 4500,
  BAD_TICKET: 4501,
  SITE_DISABLED: 4503,
  REPLACED: 4505,
  BANNED: 4506,
  SIGNED_OUT: 4507,
  ERASED: 4508,
  TOO_MANY_ERRORS: 4509,
} as const;
export type CloseCode = (typeof CloseCode)[keyof typeof CloseCode];

export type Phase = "queued" | "active" | "closed";

export type FactKind = "conversation.opened" | "conversation.assigned" | "conversation.unassigned" | "conversation.closed" | "conversation.reopened" | "message.sent" | "visitor.identified" | "csat.asked" | "csat.rated" | "unknown";

export type Availability = "online" | "offline";

export type AgentStatus = "online" | "away" | "offline";

export type Storage = "ok" | "low" | "full" | "read_only" | "locked" | "failing" | "away";

export type Bus = "ok" | "degraded";

/** Are you there? Asked after a page woke up or the network came back. */
export interface ClientPing {
  t: "ping";
}

/**
 * What the server will refuse; clients check the same before they send.
 *
 * `files` of a message; none: this server takes none. `file_types` are endings such as `.png`.
 */
export interface Limits {
  text_chars: number;
  frame_bytes: number;
  history: number;
  files?: number | undefined;
  file_bytes?: number | undefined;
  file_types?: string[] | undefined;
}

/** Who caused a fact. `name` is what this audience may call them; None: nobody told us. */
export interface Author {
  kind: "visitor" | "agent" | "system";
  id?: string | undefined;
  name?: string | undefined;
}

export interface Agent {
  id: string;
  name: string;
}

/** Where the visitor is on the customer's website. */
export interface Page {
  url: string;
  title?: string | undefined;
  referrer?: string | undefined;
}

/**
 * A file of a message. `type` is a MIME type found by content; pictures alone have a size in
 * pixels. Its content is asked for over HTTP, by `id`.
 */
export interface ChatFile {
  id: string;
  name: string;
  type: string;
  bytes: number;
  width?: number | undefined;
  height?: number | undefined;
}

/** How the visitor found it, from 1 to 5. `reasons` are keys of ours or the site's own words. */
export interface Rating {
  score: number;
  resolved?: boolean | undefined;
  reasons?: string[] | undefined;
}

/**
 * A typed failure. `code` is stable; `message` is for developers, not for end users. `fields`
 * names what is wrong of a form, and why.
 */
export interface Problem {
  code: string;
  message: string;
  temporary?: boolean | undefined;
  retry_after?: number | undefined;
  fields?: Record<string, string> | undefined;
}

/**
 * One stored thing that happened, numbered for the audience that reads it.
 *
 * `text`, `files`, `private` and `quote` (the `seq` of the message it answers) belong to
 * message.sent, `agent` to conversation.assigned (the new assignee), `reason` to
 * conversation.closed, `rating` to csat.rated, whose comment is `text`. `at` is UTC, ISO 8601.
 * `client_id` is present only for the author's own facts. `unknown` is what a newer server has
 * stored: it counts and says nothing.
 */
export interface Fact {
  t: "fact";
  conversation: string;
  seq: number;
  kind: FactKind;
  from: Author;
  at: string;
  text?: string | undefined;
  files?: ChatFile[] | undefined;
  private?: boolean | undefined;
  quote?: number | undefined;
  agent?: Agent | undefined;
  reason?: string | undefined;
  client_id?: string | undefined;
  rating?: Rating | undefined;
}

/**
 * The good half of a reply; which fields are present depends on the request.
 *
 * open, assign, close, reopen, ask_rating: conversation, seq · send, rate: client_id,
 * conversation, seq, at, duplicate · history: conversation, facts, more · thread: conversation,
 * seq, and the missing facts follow as `facts` frames · refresh: token.
 */
export interface Ok {
  conversation?: string | undefined;
  seq?: number | undefined;
  client_id?: string | undefined;
  at?: string | undefined;
  duplicate?: boolean | undefined;
  facts?: Fact[] | undefined;
  more?: boolean | undefined;
  token?: string | undefined;
}

/** The answer to the request with this id: exactly one of `ok` and `error`. */
export interface Reply {
  t: "reply";
  id: number;
  ok?: Ok | undefined;
  error?: Problem | undefined;
}

/** A failure that belongs to no request: a frame that could not be read. */
export interface ErrorFrame {
  t: "error";
  error: Problem;
}

/** Catch-up, in order. `more`: another frame of this catch-up follows. */
export interface Facts {
  t: "facts";
  conversation: string;
  facts: Fact[];
  more?: boolean | undefined;
}

/**
 * Droppable news: somebody types. It expires after 6 s unless repeated. `draft`: what a visitor
 * has written so far, for agents, where the site shares it.
 */
export interface Signal {
  t: "signal";
  conversation: string;
  from: Author;
  on: boolean;
  kind?: "typing" | undefined;
  draft?: string | undefined;
}

/** Are you there? `head`: last seq of the visitor's conversation; agents: the log position. */
export interface Ping {
  t: "ping";
  head?: number | undefined;
}

/** The answer to a client's ping, with the head that our own pings carry. */
export interface ServerPong {
  t: "pong";
  head?: number | undefined;
}

/** Your copy cannot go on: drop it (of one conversation, or all) and take what follows. */
export interface Reset {
  t: "reset";
  epoch: string;
  conversation?: string | undefined;
}

/** The token or session ends in so many seconds. Many: it was renewed, nothing is to be done. */
export interface Expiring {
  t: "expiring";
  in: number;
}

/**
 * This node is about to stop, or has too much to do to let you in; reconnect after the delay.
 * Never a URL.
 */
export interface Drain {
  t: "drain";
  reconnect_in_ms: number;
}

/** What the client already holds: everything up to `seq` of this life of the database. */
export interface VisitorResume {
  conversation: string;
  epoch: string;
  seq: number;
}

/**
 * What the visitor said of themselves before writing. Shown as unverified. `answers` go by the
 * keys of the site's fields; `consent` is the version that was agreed to; `offline`: it is the
 * form for a message that nobody is there to take.
 */
export interface Form {
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  answers?: Record<string, string> | undefined;
  consent?: string | undefined;
  offline?: boolean | undefined;
}

/**
 * The first frame. `ticket` comes with the frame page; `token` says who came back, `identity`
 * is the site's signed word for who that is (docs/identity.md).
 */
export interface VisitorHello {
  t: "hello";
  v: number;
  site: string;
  ticket: string;
  tab: string;
  token?: string | undefined;
  resume?: VisitorResume | undefined;
  page?: Page | undefined;
  locale?: string | undefined;
  identity?: string | undefined;
}

/**
 * Start a conversation or continue the open one; repeating it changes nothing. `greeting`: the
 * id of the one that led to it.
 */
export interface Open {
  t: "open";
  id: number;
  client_id: string;
  form?: Form | undefined;
  greeting?: string | undefined;
}

/**
 * `files` were uploaded before; with them the text may be empty. `quote`: the `seq` of the
 * message it answers.
 */
export interface VisitorSend {
  t: "send";
  id: number;
  conversation: string;
  client_id: string;
  text: string;
  files?: string[] | undefined;
  quote?: number | undefined;
}

/** Facts before or after a seq, at most `limit`; without either the newest ones. */
export interface VisitorHistory {
  t: "history";
  id: number;
  conversation: string;
  before?: number | undefined;
  after?: number | undefined;
  limit?: number | undefined;
}

export interface VisitorRead {
  t: "read";
  conversation: string;
  seq: number;
}

/** `draft`: what is written so far, only where the welcome said that drafts are shared. */
export interface VisitorTyping {
  t: "typing";
  conversation: string;
  on: boolean;
  draft?: string | undefined;
}

/** The visitor moved within a single-page site. */
export interface PageView {
  t: "page";
  url: string;
  title?: string | undefined;
}

/** The visitor ends the chat. */
export interface VisitorClose {
  t: "close";
  id: number;
  conversation: string;
  expect_seq: number;
}

/** How it was. `client_id` is new for each rating; a later one replaces an earlier one. */
export interface Rate {
  t: "rate";
  id: number;
  conversation: string;
  client_id: string;
  score: number;
  resolved?: boolean | undefined;
  reasons?: string[] | undefined;
  comment?: string | undefined;
}

/** Swap the token for a new one; the old one stays valid until the new one was used. */
export interface Refresh {
  t: "refresh";
  id: number;
  token: string;
}

/**
 * What the page says of its visitor, without a signature: agents see it as unverified. In
 * `attributes` null takes one away; what is not named stays.
 */
export interface Describe {
  t: "describe";
  id: number;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  attributes?: Record<string, unknown> | undefined;
}

/** Answer to a ping; `seen` is the last seq this client has applied. */
export interface VisitorPong {
  t: "pong";
  seen?: number | undefined;
}

/** The visitor closed the page on purpose. */
export interface VisitorBye {
  t: "bye";
}

/** `verified`: a customer whom the site vouched for, on every browser. */
export interface VisitorYou {
  id: string;
  name?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  verified?: boolean | undefined;
}

/**
 * The visitor's current conversation. `read` is the visitor's own read mark, `agent_read`
 * the furthest mark of any agent, both in the visitor's numbers.
 */
export interface Head {
  id: string;
  seq: number;
  phase: Phase;
  read?: number | undefined;
  agent_read?: number | undefined;
}

/** A field to fill in. Without a `label` the client has words of its own for its kind. */
export interface FormField {
  key: string;
  kind: "name" | "email" | "phone" | "topic" | "text" | "choice" | "multiline" | "checkbox";
  label?: string | undefined;
  required?: boolean | undefined;
  options?: string[] | undefined;
}

/** What the visitor has to agree to, with the version to send back. */
export interface FormConsent {
  text: string;
  version: string;
  link?: string | undefined;
}

/**
 * What is still to be asked of this visitor. `mails`: answers are sent to their address when
 * they are not here.
 */
export interface FormAsk {
  fields?: FormField[] | undefined;
  consent?: FormConsent | undefined;
  mails?: boolean | undefined;
}

/**
 * The session stands. `token` is new and must be kept; absent: keep the one you have.
 * `drafts`: agents see what the visitor writes before it is sent; say so before sharing it.
 * `identity`: why the one of the hello was not believed; `you` is who came without it. `before`:
 * what to ask before a chat may begin; `offline`: what to ask for a message while nobody is there,
 * instead of a chat. `next_opening`: the site is closed by its hours until then.
 */
export interface VisitorWelcome {
  t: "welcome";
  v: number;
  session: string;
  you: VisitorYou;
  epoch: string;
  now: string;
  ping: number;
  limits: Limits;
  availability: Availability;
  next_opening?: string | undefined;
  conversation?: Head | undefined;
  token?: string | undefined;
  drafts?: boolean | undefined;
  identity?: Problem | undefined;
  before?: FormAsk | undefined;
  offline?: FormAsk | undefined;
}

/**
 * Absolute values, harmless to repeat. kind `read`: `conversation`, `seq` (agents have read so
 * far) · `seen`: `conversation`, `seq` (the visitor has, in another tab) · `availability`:
 * `availability`, `next_opening` (as in the welcome, from now on) · `conversation`: another tab
 * opened `conversation`, its facts follow · `drafts`: `drafts` (likewise).
 */
export interface VisitorState {
  t: "state";
  kind: "read" | "seen" | "availability" | "conversation" | "drafts";
  conversation?: string | undefined;
  seq?: number | undefined;
  availability?: Availability | undefined;
  next_opening?: string | undefined;
  drafts?: boolean | undefined;
}

/** The inbox cursor: everything up to log `position` of this life of the database. */
export interface AgentResume {
  epoch: string;
  position: number;
}

/** The first frame. `threads` maps each open thread to the last seq held, at most 50. */
export interface AgentHello {
  t: "hello";
  v: number;
  ticket: string;
  tab: string;
  resume?: AgentResume | undefined;
  threads?: Record<string, number> | undefined;
}

/**
 * A message to the visitor, or with `private` a note that only agents see. `files` were
 * uploaded before; with them the text may be empty. `quote`: the `seq` of the message it
 * answers.
 */
export interface AgentSend {
  t: "send";
  id: number;
  conversation: string;
  client_id: string;
  text: string;
  private?: boolean | undefined;
  files?: string[] | undefined;
  quote?: number | undefined;
}

/** Facts before or after a seq, at most `limit`; without either the newest ones. */
export interface AgentHistory {
  t: "history";
  id: number;
  conversation: string;
  before?: number | undefined;
  after?: number | undefined;
  limit?: number | undefined;
}

/** Follow one conversation live. With `seq` the facts after it follow, else the newest page. */
export interface Thread {
  t: "thread";
  id: number;
  conversation: string;
  seq?: number | undefined;
}

export interface Unthread {
  t: "unthread";
  conversation: string;
}

export interface AgentRead {
  t: "read";
  conversation: string;
  seq: number;
}

export interface AgentTyping {
  t: "typing";
  conversation: string;
  on: boolean;
}

export interface Status {
  t: "status";
  id: number;
  status: AgentStatus;
}

/** Take (own id), hand over (another's id) or put back into the queue (no agent). */
export interface Assign {
  t: "assign";
  id: number;
  conversation: string;
  expect_seq: number;
  agent?: string | undefined;
}

export interface AgentClose {
  t: "close";
  id: number;
  conversation: string;
  expect_seq: number;
}

export interface Reopen {
  t: "reopen";
  id: number;
  conversation: string;
  expect_seq: number;
}

/** Ask the visitor how it was. */
export interface AskRating {
  t: "ask_rating";
  id: number;
  conversation: string;
}

/** Answer to a ping; `seen` is the last log position this client has applied. */
export interface AgentPong {
  t: "pong";
  seen?: number | undefined;
}

/** The agent closed the console on purpose. */
export interface AgentBye {
  t: "bye";
}

export interface AgentYou {
  id: string;
  name: string;
  role: "owner" | "admin" | "supervisor" | "agent";
}

/** The session stands; `inbox` frames up to `position` follow. */
export interface AgentWelcome {
  t: "welcome";
  v: number;
  session: string;
  you: AgentYou;
  epoch: string;
  now: string;
  ping: number;
  limits: Limits;
  position: number;
  status: AgentStatus;
  storage?: Storage | undefined;
  bus?: Bus | undefined;
}

/**
 * What agents see beside a chat. Name, e-mail and phone are the visitor's own words but for
 * those in `verified`, for which the site vouched. `customer`: whom it vouched for.
 */
export interface Visitor {
  id: string;
  name?: string | undefined;
  email?: string | undefined;
  locale?: string | undefined;
  browser?: string | undefined;
  system?: string | undefined;
  page?: Page | undefined;
  online?: boolean | undefined;
  first_seen?: string | undefined;
  phone?: string | undefined;
  customer?: string | undefined;
  verified?: ("name" | "email" | "phone")[] | undefined;
}

export interface SiteName {
  id: string;
  name: string;
}

/** The last message, cut to 160 characters. `files`: how many it carries. */
export interface Preview {
  author: Author;
  text: string;
  private?: boolean | undefined;
  files?: number | undefined;
}

/**
 * One conversation as the inbox shows it. `gone`: it left this agent's view, drop it.
 *
 * `revision` is the log position of its last fact; `unread` counts visitor messages this agent
 * has not read; `waiting_since` is the oldest unanswered visitor message.
 */
export interface InboxRow {
  conversation: string;
  revision: number;
  gone?: boolean | undefined;
  phase?: Phase | undefined;
  seq?: number | undefined;
  assignee?: Agent | undefined;
  visitor?: Visitor | undefined;
  site?: SiteName | undefined;
  opened_at?: string | undefined;
  queued_at?: string | undefined;
  waiting_since?: string | undefined;
  last_at?: string | undefined;
  closed_at?: string | undefined;
  last?: Preview | undefined;
  unread?: number | undefined;
}

/** Rows that changed, up to log `position`. */
export interface Inbox {
  t: "inbox";
  position: number;
  rows: InboxRow[];
}

/**
 * Absolute values, harmless to repeat. kind `read`: `conversation`, `seq` (the visitor has read
 * so far) · `visitor`: `visitor` (page, name or online changed) · `agent`: `agent`, `status` ·
 * `unread`: `conversation`, `unread` (read in another tab of yours) · `storage`: `storage`
 * (whether the server can store what is sent to it) · `bus`: `bus` (whether the nodes hear each
 * other).
 */
export interface AgentState {
  t: "state";
  kind: "read" | "visitor" | "agent" | "unread" | "storage" | "bus";
  conversation?: string | undefined;
  seq?: number | undefined;
  visitor?: Visitor | undefined;
  agent?: Agent | undefined;
  status?: AgentStatus | undefined;
  unread?: number | undefined;
  storage?: Storage | undefined;
  bus?: Bus | undefined;
}

export type VisitorClientMessage =
  | VisitorHello
  | Open
  | VisitorSend
  | VisitorHistory
  | VisitorRead
  | VisitorTyping
  | PageView
  | VisitorClose
  | Rate
  | Refresh
  | Describe
  | ClientPing
  | VisitorPong
  | VisitorBye;

export type VisitorServerMessage =
  | VisitorWelcome
  | Reply
  | ErrorFrame
  | Fact
  | Facts
  | VisitorState
  | Signal
  | Ping
  | ServerPong
  | Reset
  | Expiring
  | Drain;

export type AgentClientMessage =
  | AgentHello
  | AgentSend
  | AgentHistory
  | Thread
  | Unthread
  | AgentRead
  | AgentTyping
  | Status
  | Assign
  | AgentClose
  | Reopen
  | AskRating
  | ClientPing
  | AgentPong
  | AgentBye;

export type AgentServerMessage =
  | AgentWelcome
  | Reply
  | ErrorFrame
  | Fact
  | Facts
  | Inbox
  | AgentState
  | Signal
  | Ping
  | ServerPong
  | Reset
  | Expiring
  | Drain;
