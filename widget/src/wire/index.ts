// What both clients share. No document, no window: only frames, sockets and time.

export type { Upload, Uploaded } from "./carriage";
export type { Clock, Random } from "./clock";
export { systemClock } from "./clock";
export type { Connection, ConnectionOptions, Dial, Wire, WireEvents } from "./connection";
export { createConnection } from "./connection";
export type { FallbackOptions } from "./fallback";
export { withFallback } from "./fallback";
export type { Link, Prepared, Stage } from "./link";
export type { Outbox, OutboxOptions } from "./outbox";
export { createOutbox } from "./outbox";
export type { Draft, Outgoing, OutgoingFile, Quote } from "./outgoing";
export { idsOf, isOutgoingFile, quoteIn, readOutgoing, withoutLostQuote } from "./outgoing";
export * from "./protocol.gen";
export type { Outcome, Requests } from "./requests";
export { createRequests, RATINGS, unspoken } from "./requests";
export type { Shelf, StorageLike } from "./shelf";
export { memoryShelf, openShelf } from "./shelf";
export type { Tabs } from "./tabs";
export { openTabs } from "./tabs";
export { loadedLate, transports } from "./transports";
