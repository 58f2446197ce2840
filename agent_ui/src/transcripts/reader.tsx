/** One transcript, to read, export, print or go on with. */

import { ActionIcon, Button, Menu } from "@mantine/core";
import { IconArrowLeft, IconChevronDown, IconFileText } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "wouter";
import type { TranscriptPage } from "../api/types";
import { useConsole, useLive, useText } from "../app/context";
import { paths } from "../app/paths";
import { BlockView } from "../thread/block-view";
import { toBlocks } from "../thread/blocks";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { dayAndTime } from "../ui/moment";
import { Trouble } from "../ui/trouble";
import { useNow } from "../ui/use-now";
import { visitorName } from "../visitor/name";
import { ExportItems } from "./export-items";
import { useTranscript } from "./queries";
import classes from "./reader.module.css";

export function Reader({ conversation }: { conversation: string | undefined }) {
  const t = useText();
  return (
    <section className={classes.pane} aria-label={t("transcript.reader")}>
      {conversation === undefined ? (
        <Empty icon={<IconFileText size={24} stroke={1.5} />} title={t("transcript.choose")}>
          {t("transcript.choose.about")}
        </Empty>
      ) : (
        <Opened conversation={conversation} />
      )}
    </section>
  );
}

function Opened({ conversation }: { conversation: string }) {
  const found = useTranscript(conversation);
  if (!found.data)
    return found.error ? (
      <Trouble error={found.error} retry={() => void found.refetch()} />
    ) : (
      <Loading rows={8} height={56} />
    );
  const [first] = found.data.pages;
  return (
    <>
      {first && <Header transcript={first} />}
      <Read
        pages={found.data.pages}
        hasMore={found.hasNextPage}
        isLoading={found.isFetchingNextPage}
        more={() => void found.fetchNextPage()}
      />
    </>
  );
}

interface ReadProps {
  pages: readonly TranscriptPage[];
  hasMore: boolean;
  isLoading: boolean;
  more(): void;
}

function Read({ pages, hasMore, isLoading, more }: ReadProps) {
  const t = useText();
  const me = useLive((state) => state.me);
  const facts = useMemo(() => pages.flatMap((page) => page.facts), [pages]);
  const blocks = useMemo(() => toBlocks(facts), [facts]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={classes.scroller} tabIndex={0} aria-label={t("thread.log")}>
      <ol className={classes.list}>
        {blocks.map((block) => (
          <BlockView key={block.key} block={block} me={me} receipt={null} facts={facts} />
        ))}
      </ol>
      {hasMore && (
        <p className={classes.more}>
          <Button variant="default" loading={isLoading} onClick={more}>
            {t("transcript.more")}
          </Button>
        </p>
      )}
    </section>
  );
}

function Header({ transcript }: { transcript: TranscriptPage }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  const { conversation, visitor, site, opened_at } = transcript;
  return (
    <header className={classes.header}>
      <ActionIcon
        component={Link}
        href={paths.transcripts}
        className={classes.back ?? ""}
        aria-label={t("common.back")}
      >
        <IconArrowLeft size={20} />
      </ActionIcon>
      <div className={classes.who}>
        <h2 className={classes.name}>
          <bdi>{visitorName(visitor, t)}</bdi>
        </h2>
        <p className={classes.about}>
          {site.name} · {dayAndTime(opened_at, now, region, t)}
        </p>
      </div>
      <Button component={Link} href={paths.chat(conversation)} size="xs" variant="default">
        {t("transcript.open")}
      </Button>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button size="xs" variant="default" rightSection={<IconChevronDown size={14} />}>
            {t("transcript.take")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <ExportItems conversation={conversation} />
        </Menu.Dropdown>
      </Menu>
    </header>
  );
}
