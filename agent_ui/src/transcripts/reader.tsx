/** One transcript, to read, export, print or go on with. */

import { ActionIcon, Button } from "@mantine/core";
import { IconArrowLeft, IconDownload, IconFileText, IconPrinter } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link } from "wouter";
import type { TranscriptPage } from "../api/types";
import { useConsole, useLive, useText } from "../app/context";
import { paths } from "../app/paths";
import { BlockView } from "../thread/block-view";
import { toBlocks } from "../thread/blocks";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { exact } from "../ui/moment";
import { Trouble } from "../ui/trouble";
import { visitorName } from "../visitor/name";
import { exportPath, printPath } from "./paths";
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
  const { data, error, refetch } = useTranscript(conversation);
  if (data) return <Read transcript={data} />;
  return error ? (
    <Trouble error={error} retry={() => void refetch()} />
  ) : (
    <Loading rows={8} height={56} />
  );
}

function Read({ transcript }: { transcript: TranscriptPage }) {
  const { t } = useConsole();
  const me = useLive((state) => state.me);
  const blocks = useMemo(() => toBlocks(transcript.facts), [transcript.facts]);
  return (
    <>
      <Header transcript={transcript} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <section className={classes.scroller} tabIndex={0} aria-label={t("thread.log")}>
        <ol className={classes.list}>
          {blocks.map((block) => (
            <BlockView key={block.key} block={block} me={me} receipt={null} />
          ))}
        </ol>
        {transcript.next_seq !== null && transcript.next_seq !== undefined && (
          <p className={classes.cut}>{t("transcript.cut", { n: transcript.facts.length })}</p>
        )}
      </section>
    </>
  );
}

function Header({ transcript }: { transcript: TranscriptPage }) {
  const { region, t } = useConsole();
  const { conversation, visitor, site, opened_at } = transcript;
  return (
    <header className={classes.header}>
      <ActionIcon
        component={Link}
        href={paths.transcripts}
        className={classes.back}
        aria-label={t("common.back")}
      >
        <IconArrowLeft size={20} />
      </ActionIcon>
      <div className={classes.who}>
        <h2 className={classes.name}>
          <bdi>{visitorName(visitor, t)}</bdi>
        </h2>
        <p className={classes.about}>
          {site.name} · {exact(opened_at, region)}
        </p>
      </div>
      <Button
        component={Link}
        href={paths.chat(conversation)}
        size="xs"
        variant="default"
        className={classes.wide ?? ""}
      >
        {t("transcript.open")}
      </Button>
      <Button
        component="a"
        href={exportPath(conversation)}
        download
        size="xs"
        variant="default"
        leftSection={<IconDownload size={15} />}
      >
        {t("transcript.export")}
      </Button>
      <Button
        component="a"
        href={printPath(conversation)}
        target="_blank"
        rel="noopener"
        size="xs"
        variant="default"
        leftSection={<IconPrinter size={15} />}
      >
        {t("transcript.print")}
      </Button>
    </header>
  );
}
