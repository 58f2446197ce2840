/** The list of transcripts: filtered, paged as one scrolls, virtual. */

import { Loader } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconHistory, IconSearch } from "@tabler/icons-react";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, useState } from "react";
import type { Transcript } from "../api/types";
import { useText } from "../app/context";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { Trouble } from "../ui/trouble";
import { Filters } from "./filters";
import classes from "./list.module.css";
import { type Filter, noFilter, useTranscripts } from "./queries";
import { TranscriptRow } from "./row";

export function TranscriptList({ selected }: { selected: string | undefined }) {
  const t = useText();
  const [filter, setFilter] = useState<Filter>(noFilter);
  const [asked] = useDebouncedValue(filter, 250);
  const found = useTranscripts(asked);
  const items = found.data?.pages.flatMap((page) => page.items);
  const isFiltered = asked !== noFilter && Object.values(asked).some(Boolean);
  return (
    <section className={classes.pane} aria-label={t("transcript.list")}>
      <h2 className={classes.title}>{t("nav.transcripts")}</h2>
      <Filters filter={filter} change={setFilter} />
      {!items &&
        (found.error ? (
          <Trouble error={found.error} retry={() => void found.refetch()} />
        ) : (
          <Loading rows={8} height={58} />
        ))}
      {items?.length === 0 && (
        <Empty
          icon={
            isFiltered ? (
              <IconSearch size={24} stroke={1.5} />
            ) : (
              <IconHistory size={24} stroke={1.5} />
            )
          }
          title={t(isFiltered ? "transcript.noMatch" : "transcript.empty")}
        >
          {t(isFiltered ? "transcript.noMatch.about" : "transcript.empty.about")}
        </Empty>
      )}
      {items && items.length > 0 && (
        <Rows
          items={items}
          selected={selected}
          hasMore={found.hasNextPage}
          isLoading={found.isFetchingNextPage}
          more={() => void found.fetchNextPage()}
        />
      )}
    </section>
  );
}

interface RowsProps {
  items: readonly Transcript[];
  selected: string | undefined;
  hasMore: boolean;
  isLoading: boolean;
  more(): void;
}

const ROW = 74;

function Rows({ items, selected, hasMore, isLoading, more }: RowsProps) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: items.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW,
    overscan: 8,
  });
  const lines = virtual.getVirtualItems();
  const last = lines.at(-1)?.index ?? 0;
  const isNearEnd = last >= items.length - 10;
  useEffect(() => {
    if (isNearEnd && hasMore && !isLoading) more();
  }, [isNearEnd, hasMore, isLoading, more]);
  return (
    <div ref={scroller} className={classes.scroller}>
      <ul className={classes.list} style={{ blockSize: virtual.getTotalSize() }}>
        {lines.map(({ index, start, size }) => {
          const item = items[index];
          return (
            item && (
              <li
                key={item.conversation}
                className={classes.line}
                style={{ blockSize: size, transform: `translateY(${start}px)` }}
              >
                <TranscriptRow transcript={item} isSelected={item.conversation === selected} />
              </li>
            )
          );
        })}
      </ul>
      {isLoading && (
        <div className={classes.loading}>
          <Loader size="xs" color="gray" aria-label={t("common.loading")} />
        </div>
      )}
    </div>
  );
}
