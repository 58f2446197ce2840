/** The inbox as one flat list of lines, ready to be virtualised. Pure. */

import type { SectionName, Sections } from "../state/inbox";
import type { ConversationId, InboxRow } from "../wire";

export type Item =
  | {
      readonly kind: "head";
      readonly section: SectionName;
      readonly count: number;
      readonly isOpen: boolean;
    }
  | { readonly kind: "chat"; readonly section: SectionName; readonly conversation: ConversationId }
  | { readonly kind: "none"; readonly section: SectionName }
  | { readonly kind: "more"; readonly section: SectionName; readonly hidden: number };

export interface Folding {
  /** Sections folded away. */
  readonly folded: readonly SectionName[];
  /** The queue shows only its longest waiting until asked, so that it cannot push the own chats away. */
  readonly wholeQueue: boolean;
}

export const QUEUE_SHOWN = 4;

export const heights: Readonly<Record<Item["kind"], number>> = {
  head: 40,
  chat: 76,
  none: 44,
  more: 40,
};

const order: readonly SectionName[] = ["queue", "mine", "others", "closed"];

export function listItems(sections: Sections, folding: Folding): readonly Item[] {
  return order.flatMap((section) => sectionItems(section, sections[section], folding));
}

function sectionItems(
  section: SectionName,
  rows: readonly InboxRow[],
  { folded, wholeQueue }: Folding,
): readonly Item[] {
  const isRare = section === "others" || section === "closed";
  if (rows.length === 0 && isRare) return [];
  const isOpen = !folded.includes(section);
  const head: Item = { kind: "head", section, count: rows.length, isOpen };
  if (!isOpen) return [head];
  if (rows.length === 0) return [head, { kind: "none", section }];
  const isCut = section === "queue" && !wholeQueue && rows.length > QUEUE_SHOWN + 1;
  const shown = isCut ? rows.slice(0, QUEUE_SHOWN) : rows;
  const chats = shown.map(({ conversation }): Item => ({ kind: "chat", section, conversation }));
  return isCut
    ? [head, ...chats, { kind: "more", section, hidden: rows.length - QUEUE_SHOWN }]
    : [head, ...chats];
}

export function itemKey(item: Item): string {
  return item.kind === "chat" ? item.conversation : `${item.kind}:${item.section}`;
}

/** The chat before or after the one selected, as the list shows them; from nowhere the first or last. */
export function neighbour(
  items: readonly Item[],
  selected: ConversationId | undefined,
  step: 1 | -1,
): ConversationId | null {
  const chats = items.flatMap((item) => (item.kind === "chat" ? [item.conversation] : []));
  const at = selected === undefined ? -1 : chats.indexOf(selected);
  if (at === -1) return (step === 1 ? chats[0] : chats.at(-1)) ?? null;
  return chats[at + step] ?? null;
}

/** How far the line `key` stands from the top; null when it is not there. */
export function offsetOf(items: readonly Item[], key: string): number | null {
  let offset = 0;
  for (const item of items) {
    if (itemKey(item) === key) return offset;
    offset += heights[item.kind];
  }
  return null;
}

/** The line at a scroll offset. */
export function keyAt(items: readonly Item[], scrolled: number): string | null {
  let offset = 0;
  for (const item of items) {
    offset += heights[item.kind];
    if (offset > scrolled) return itemKey(item);
  }
  return null;
}
