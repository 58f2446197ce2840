/** Who the chat is with, who has it, and what may be done with it. */

import { ActionIcon, Tooltip, VisuallyHidden } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowLeft,
  IconCheck,
  IconHandGrab,
  IconLayoutSidebarRight,
} from "@tabler/icons-react";
import { Link } from "wouter";
import { useCommand } from "../app/commands";
import { useConsole, useMay } from "../app/context";
import { paths } from "../app/paths";
import { Face } from "../ui/person";
import { visitorName } from "../visitor/name";
import type { ConversationId, InboxRow } from "../wire";
import { Deed } from "./deed";
import { HandOver } from "./hand-over";
import classes from "./header.module.css";
import { MoreMenu } from "./more-menu";
import type { Standing } from "./standing";
import { useActions } from "./use-actions";

interface Props {
  conversation: ConversationId;
  chat: InboxRow | undefined;
  standing: Standing;
}

export function Header({ conversation, chat, standing }: Props) {
  const { t } = useConsole();
  const name = visitorName(chat?.visitor, t);
  const isOnline = chat?.visitor?.online === true;
  return (
    <header className={classes.header} data-standing={standing}>
      <ActionIcon
        component={Link}
        href={paths.inbox}
        className={classes.back}
        aria-label={t("common.back")}
      >
        <IconArrowLeft size={20} className={classes.mirrored} />
      </ActionIcon>
      <Face
        name={chat?.visitor?.name ?? "?"}
        id={chat?.visitor?.id ?? conversation}
        size={34}
        status={isOnline ? "online" : null}
      />
      <div className={classes.who}>
        <h2 className={classes.name}>
          <bdi>{name}</bdi>
        </h2>
        <p className={classes.about}>
          {chat && <About chat={chat} standing={standing} isOnline={isOnline} />}
        </p>
      </div>
      <div className={classes.actions}>
        <Deeds conversation={conversation} standing={standing} />
        <Tooltip label={t("visitor.title")}>
          <ActionIcon
            component={Link}
            href={paths.visitor(conversation)}
            className={classes.aside}
            aria-label={t("visitor.show")}
          >
            <IconLayoutSidebarRight size={20} stroke={1.6} className={classes.mirrored} />
          </ActionIcon>
        </Tooltip>
        <MoreMenu conversation={conversation} />
      </div>
    </header>
  );
}

function About({
  chat,
  standing,
  isOnline,
}: {
  chat: InboxRow;
  standing: Standing;
  isOnline: boolean;
}) {
  const { t } = useConsole();
  const words = {
    queue: t("standing.queue"),
    mine: t("standing.mine"),
    others: t("standing.others", { name: chat.assignee?.name ?? "" }),
    closed: t("standing.closed"),
    unknown: "",
  }[standing];
  return (
    <>
      <span className={classes.standing} data-standing={standing}>
        {words}
      </span>
      {chat.site && <span> · {chat.site.name}</span>}
      <VisuallyHidden>{t(isOnline ? "visitor.online" : "visitor.offline")}</VisuallyHidden>
    </>
  );
}

function Deeds({ conversation, standing }: { conversation: ConversationId; standing: Standing }) {
  const { t } = useConsole();
  const mayAssignOthers = useMay("conversation.assign_others");
  const { take, close, reopen } = useActions(conversation);
  const mayTake = standing === "queue" || (standing === "others" && mayAssignOthers);
  const mayClose =
    standing === "mine" || standing === "queue" || (standing === "others" && mayAssignOthers);
  const mayHandOver =
    standing === "mine" || ((standing === "others" || standing === "queue") && mayAssignOthers);
  useCommand("take", mayTake ? () => void take() : null);
  useCommand("close", mayClose ? () => void close() : null);
  return (
    <>
      {mayTake && (
        <Deed
          label={t(standing === "queue" ? "thread.take" : "thread.takeOver")}
          hint={`${t("command.take")} · T`}
          icon={<IconHandGrab size={18} stroke={1.6} />}
          isMain={standing === "queue"}
          run={() => void take()}
        />
      )}
      {mayHandOver && <HandOver conversation={conversation} standing={standing} />}
      {mayClose && (
        <Deed
          label={t("thread.close")}
          hint={`${t("command.close")} · E`}
          icon={<IconCheck size={18} stroke={1.6} />}
          run={() => void close()}
        />
      )}
      {standing === "closed" && (
        <Deed
          label={t("thread.reopen")}
          hint={t("thread.reopen")}
          icon={<IconArrowBackUp size={18} stroke={1.6} />}
          run={() => void reopen()}
        />
      )}
    </>
  );
}
