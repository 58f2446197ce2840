/** Who the visitor is and where they are, beside the chat. */

import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useConsole } from "../app/context";
import { paths } from "../app/paths";
import { Mark, PersonFacts } from "../customers/person";
import { useChat } from "../thread/use-chat";
import { Face } from "../ui/person";
import { DayTime } from "../ui/time";
import type { ConversationId, InboxRow, Page, Visitor } from "../wire";
import { languageName } from "./language";
import { visitorName } from "./name";
import classes from "./pane.module.css";

export function VisitorPane({ conversation }: { conversation: ConversationId }) {
  const { t } = useConsole();
  const chat = useChat(conversation);
  return (
    <aside className={classes.pane} aria-label={t("visitor.title")}>
      <div className={classes.bar}>
        <h2 className={classes.title}>{t("visitor.title")}</h2>
        <ActionIcon
          component={Link}
          href={paths.chat(conversation)}
          className={classes.close}
          aria-label={t("visitor.hide")}
        >
          <IconX size={18} />
        </ActionIcon>
      </div>
      {chat && <Facts chat={chat} />}
    </aside>
  );
}

function Facts({ chat }: { chat: InboxRow }) {
  const { locale, t } = useConsole();
  const { visitor } = chat;
  return (
    <>
      <Who chat={chat} />
      <dl className={classes.facts}>
        {visitor && <Contact visitor={visitor} />}
        {visitor?.page && (
          <Line label={t("visitor.page")}>
            <PageLink page={visitor.page} />
          </Line>
        )}
        {visitor?.page?.referrer && (
          <Line label={t("visitor.referrer")}>{visitor.page.referrer}</Line>
        )}
        {visitor?.browser && <Line label={t("visitor.browser")}>{visitor.browser}</Line>}
        {visitor?.system && <Line label={t("visitor.system")}>{visitor.system}</Line>}
        {visitor?.locale && (
          <Line label={t("visitor.language")}>{languageName(visitor.locale, locale)}</Line>
        )}
        {visitor?.first_seen && (
          <Line label={t("visitor.firstSeen")}>
            <DayTime at={visitor.first_seen} />
          </Line>
        )}
        {chat.site && <Line label={t("visitor.site")}>{chat.site.name}</Line>}
        {chat.opened_at && (
          <Line label={t("visitor.chatBegan")}>
            <DayTime at={chat.opened_at} />
          </Line>
        )}
        {chat.assignee && <Line label={t("visitor.assignee")}>{chat.assignee.name}</Line>}
      </dl>
      {visitor && <PersonFacts visitor={visitor} chat={chat.conversation} />}
    </>
  );
}

function Who({ chat }: { chat: InboxRow }) {
  const { t } = useConsole();
  const { visitor } = chat;
  const isOnline = visitor?.online === true;
  return (
    <div className={classes.who}>
      <Face
        name={visitor?.name ?? "?"}
        id={visitor?.id ?? chat.conversation}
        size={52}
        status={isOnline ? "online" : null}
      />
      <div className={classes.names}>
        <bdi className={classes.name}>{visitorName(visitor, t)}</bdi>
        {visitor?.name && <Mark isVerified={isSigned(visitor, "name")} />}
        <span className={classes.presence} data-online={isOnline || undefined}>
          {t(isOnline ? "visitor.online" : "visitor.offline")}
        </span>
      </div>
    </div>
  );
}

/** Where to reach the visitor, and whether the website vouches for it. */
function Contact({ visitor }: { visitor: Visitor }) {
  const { t } = useConsole();
  const { email, phone } = visitor;
  return (
    <>
      {email && (
        <Line label={t("visitor.email")}>
          <a href={`mailto:${email}`}>{email}</a>
          <Mark isVerified={isSigned(visitor, "email")} />
        </Line>
      )}
      {phone && (
        <Line label={t("visitor.phone")}>
          <bdi>{phone}</bdi>
          <Mark isVerified={isSigned(visitor, "phone")} />
        </Line>
      )}
    </>
  );
}

function isSigned(visitor: Visitor, field: "name" | "email" | "phone"): boolean {
  return visitor.verified?.includes(field) ?? false;
}

function Line({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={classes.line}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** A page address comes from the visitor's browser: only http(s) becomes a link. */
function PageLink({ page: { url, title } }: { page: Page }) {
  const name = title?.trim() || url;
  if (!/^https?:\/\//i.test(url)) return <span>{name}</span>;
  return (
    <a href={url} target="_blank" rel="noopener noreferrer nofollow" title={url}>
      {name}
    </a>
  );
}
