/** Gives a chat to a colleague, or back to the queue. */

import { Button, Menu } from "@mantine/core";
import { IconChevronDown, IconInbox, IconUserShare } from "@tabler/icons-react";
import { useMemo } from "react";
import { useConsole, useLive } from "../app/context";
import { AgentFace } from "../people/face";
import type { Colleague } from "../state/people";
import type { AgentStatus, ConversationId } from "../wire";
import classes from "./hand-over.module.css";
import type { Standing } from "./standing";
import { useActions } from "./use-actions";

export function HandOver({
  conversation,
  standing,
}: {
  conversation: ConversationId;
  standing: Standing;
}) {
  const { t } = useConsole();
  const { handOver, toQueue } = useActions(conversation);
  const colleagues = useOthers();
  const label = t(standing === "queue" ? "thread.assign" : "thread.handOver");
  return (
    <Menu position="bottom-end" width={260}>
      <Menu.Target>
        <Button
          size="xs"
          variant="default"
          aria-label={label}
          className={classes.button ?? ""}
          rightSection={<IconChevronDown size={14} />}
        >
          <span className={classes.icon} aria-hidden>
            <IconUserShare size={18} stroke={1.6} />
          </span>
          <span className={classes.label}>{label}</span>
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu}>
        {standing !== "queue" && (
          <>
            <Menu.Item leftSection={<IconInbox size={16} />} onClick={() => void toQueue()}>
              {t("thread.toQueue")}
            </Menu.Item>
            <Menu.Divider />
          </>
        )}
        <Menu.Label>{t("thread.colleagues")}</Menu.Label>
        {colleagues.length === 0 && <p className={classes.none}>{t("thread.colleagues.none")}</p>}
        {colleagues.map((colleague) => (
          <Menu.Item
            key={colleague.id}
            leftSection={
              <AgentFace
                name={colleague.name}
                id={colleague.id}
                size={26}
                status={colleague.status}
              />
            }
            onClick={() => void handOver(colleague.id)}
          >
            <span className={classes.name}>{colleague.name}</span>
            <span className={classes.status}>{t(`status.${colleague.status}`)}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

const rank: Readonly<Record<AgentStatus, number>> = { online: 0, away: 1, offline: 2 };

/** Those who are here come first. */
function useOthers(): readonly Colleague[] {
  const people = useLive((state) => state.people);
  const me = useLive((state) => state.me);
  return useMemo(
    () =>
      Object.values(people)
        .filter((colleague) => colleague.id !== me)
        .sort((a, b) => rank[a.status] - rank[b.status] || a.name.localeCompare(b.name)),
    [people, me],
  );
}
