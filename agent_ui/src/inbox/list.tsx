/** The list of chats: virtual, steady, by sections. */

import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef } from "react";
import { useText } from "../app/context";
import type { SectionName } from "../state/inbox";
import type { ConversationId } from "../wire";
import { heights, type Item, itemKey, keyAt, offsetOf } from "./items";
import { Head, More, None } from "./lines";
import classes from "./list.module.css";
import { Row } from "./row";
import { useSteady } from "./use-steady";

interface Props {
  items: readonly Item[];
  selected: ConversationId | undefined;
  toggle(section: SectionName): void;
  showWholeQueue(): void;
}

export function ChatList({ items, selected, toggle, showWholeQueue }: Props) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const { shown, onPointerMove, onPointerLeave, release } = useSteady(items);
  const virtual = useVirtualizer({
    count: shown.length,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => heights[shown[index]?.kind ?? "chat"],
    getItemKey: (index) => keyOf(shown[index]),
    overscan: 8,
  });
  useKeptPlace(scroller.current, shown);
  // biome-ignore lint/correctness/useExhaustiveDependencies: other lines have other heights
  useEffect(() => virtual.measure(), [virtual, shown]);
  const reveal = (): void => {
    const index = shown.findIndex((item) => itemKey(item) === selected);
    if (index >= 0) virtual.scrollToIndex(index, { align: "auto" });
  };
  // Only a new selection scrolls; a changed list leaves the scroll where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(reveal, [selected]);

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      onPointerMove={onPointerMove}
      onPointerLeave={onPointerLeave}
    >
      <ul
        className={classes.list}
        style={{ blockSize: virtual.getTotalSize() }}
        aria-label={t("inbox.list")}
      >
        {virtual.getVirtualItems().map(({ key, index, start, size }) => {
          const item = shown[index];
          return (
            item && (
              <li
                key={key}
                className={classes.line}
                style={{ blockSize: size, transform: `translateY(${start}px)` }}
              >
                <Line
                  item={item}
                  isSelected={itemKey(item) === selected}
                  toggle={(section) => {
                    release();
                    toggle(section);
                  }}
                  showWholeQueue={() => {
                    release();
                    showWholeQueue();
                  }}
                />
              </li>
            )
          );
        })}
      </ul>
    </div>
  );
}

interface LineProps {
  item: Item;
  isSelected: boolean;
  toggle(section: SectionName): void;
  showWholeQueue(): void;
}

function Line({ item, isSelected, toggle, showWholeQueue }: LineProps) {
  switch (item.kind) {
    case "head":
      return <Head item={item} toggle={toggle} />;
    case "chat":
      return (
        <Row conversation={item.conversation} section={item.section} isSelected={isSelected} />
      );
    case "more":
      return <More hidden={item.hidden} show={showWholeQueue} />;
    case "none":
      return <None section={item.section} />;
  }
}

/** Lines that come or go above the first visible one do not move it. */
function useKeptPlace(scroller: HTMLDivElement | null, items: readonly Item[]): void {
  const before = useRef(items);
  useLayoutEffect(() => {
    const old = before.current;
    before.current = items;
    if (scroller === null || old === items || scroller.scrollTop === 0) return;
    const key = keyAt(old, scroller.scrollTop);
    if (key === null) return;
    const was = offsetOf(old, key);
    const is = offsetOf(items, key);
    if (was !== null && is !== null && was !== is) scroller.scrollTop += is - was;
  }, [scroller, items]);
}

function keyOf(item: Item | undefined): string {
  return item === undefined ? "" : itemKey(item);
}
