/** The inbox: list, thread and visitor side by side; on a phone one after the other. */

import { Button, VisuallyHidden } from "@mantine/core";
import { IconMessages } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { Link, useLocation } from "wouter";
import { useCommand } from "../app/commands";
import { useConsole, useLive, useMay, useText } from "../app/context";
import { paths } from "../app/paths";
import { type SectionName, sections } from "../state/inbox";
import { ThreadPane } from "../thread/pane";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { VisitorPane } from "../visitor/pane";
import type { ConversationId } from "../wire";
import { listItems, neighbour } from "./items";
import { ChatList } from "./list";
import classes from "./screen.module.css";
import { useFolded } from "./use-folded";

interface Props {
  conversation: ConversationId | undefined;
  showsVisitor: boolean;
}

export function InboxScreen({ conversation, showsVisitor }: Props) {
  const t = useText();
  const stack = conversation === undefined ? "list" : showsVisitor ? "visitor" : "thread";
  return (
    <div className={classes.screen} data-stack={stack}>
      <VisuallyHidden component="h1">{t("nav.inbox")}</VisuallyHidden>
      <ListPane selected={conversation} />
      {conversation === undefined ? (
        <NothingOpen />
      ) : (
        <>
          <ThreadPane key={conversation} conversation={conversation} />
          <VisitorPane conversation={conversation} />
        </>
      )}
    </div>
  );
}

function ListPane({ selected }: { selected: ConversationId | undefined }) {
  const { t } = useConsole();
  const [, go] = useLocation();
  const placed = useLive((state) => state.inbox.placed);
  const me = useLive((state) => state.me);
  const isReady = useLive((state) => state.inbox.ready);
  const [folded, toggle] = useFolded();
  const [wholeQueue, setWholeQueue] = useState(false);
  const items = useMemo(
    () => listItems(sections(placed, me), { folded, wholeQueue }),
    [placed, me, folded, wholeQueue],
  );
  const move = (step: 1 | -1) => () => {
    const next = neighbour(items, selected, step);
    if (next !== null) go(paths.chat(next));
  };
  useCommand("next", move(1));
  useCommand("previous", move(-1));
  const fold = (section: SectionName): void => {
    if (section === "queue") setWholeQueue(false);
    toggle(section);
  };
  return (
    <section className={classes.list} aria-label={t("inbox.list")}>
      <h2 className={classes.title}>{t("nav.inbox")}</h2>
      {isReady ? (
        <ChatList
          items={items}
          selected={selected}
          toggle={fold}
          showWholeQueue={() => setWholeQueue(true)}
        />
      ) : (
        <Loading rows={7} height={62} />
      )}
    </section>
  );
}

function NothingOpen() {
  const t = useText();
  const mayManageSites = useMay("site.manage");
  const isQuiet = useLive(
    (state) => state.inbox.ready && Object.keys(state.inbox.rows).length === 0,
  );
  const setUp = isQuiet && mayManageSites && (
    <Button component={Link} href={paths.sites} variant="default">
      {t("inbox.quiet.site")}
    </Button>
  );
  return (
    <div className={classes.nothing}>
      <Empty
        icon={<IconMessages size={24} stroke={1.5} />}
        title={t(isQuiet ? "inbox.quiet" : "inbox.choose")}
        action={setUp}
      >
        {t(isQuiet ? "inbox.quiet.about" : "inbox.choose.about")}
      </Empty>
    </div>
  );
}
