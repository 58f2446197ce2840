/** What is known of a visitor beyond the page they are on: signed, said, and chatted before. */

import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { useConsole, useText } from "../app/context";
import { paths } from "../app/paths";
import { DayTime } from "../ui/time";
import type { Visitor } from "../wire";
import classes from "./customers.module.css";
import { type Attributes, type Chat, usePerson } from "./queries";

export function PersonFacts({ visitor, chat }: { visitor: Visitor; chat: string }) {
  const t = useText();
  const version = [visitor.name, visitor.email, visitor.phone, visitor.customer, chat].join("|");
  const { data: person } = usePerson(visitor.id, version);
  if (!person) return null;
  const { customer } = person;
  const before = person.chats.filter((one) => one.conversation !== chat);
  return (
    <>
      {customer && (
        <Part title={t("customer.title")} isVerified>
          <Pair name={t("customer.id")} value={customer.external_id} />
          <Pairs values={customer.attributes} />
        </Part>
      )}
      {person.answers.length > 0 && (
        <Part title={t("customer.answers")}>
          {person.answers.map(({ key, label, value }) => (
            <Pair key={key} name={label || answerName(key, t)} value={value} />
          ))}
        </Part>
      )}
      {Object.keys(person.attributes).length > 0 && (
        <Part title={t("customer.attributes")}>
          <Pairs values={person.attributes} />
        </Part>
      )}
      {person.consent_at && (
        <Part title={t("customer.consent")}>
          <p className={classes.value}>
            {person.consent_version} · <DayTime at={person.consent_at} />
          </p>
        </Part>
      )}
      {before.length > 0 && (
        <Part title={t("customer.chats")}>
          <ul className={classes.chats}>
            {before.map((one) => (
              <Before key={one.conversation} chat={one} />
            ))}
          </ul>
        </Part>
      )}
    </>
  );
}

/** Whether the website vouches for it, or the visitor merely says so. Never by colour alone. */
export function Mark({ isVerified }: { isVerified: boolean }) {
  const t = useText();
  if (!isVerified) return <span className={classes.said}>{t("visitor.unverified")}</span>;
  return (
    <span className={classes.signed}>
      <IconRosetteDiscountCheck size={14} aria-hidden /> {t("customer.verified")}
    </span>
  );
}

interface PartProps {
  title: string;
  isVerified?: boolean;
  children: ReactNode;
}

function Part({ title, isVerified = false, children }: PartProps) {
  return (
    <section className={classes.part} aria-label={title}>
      <h3 className={classes.title}>
        {title} <Mark isVerified={isVerified} />
      </h3>
      {children}
    </section>
  );
}

function Pairs({ values }: { values: Attributes }) {
  return Object.entries(values).map(([name, value]) => (
    <Pair key={name} name={name} value={String(value)} />
  ));
}

function Pair({ name, value }: { name: string; value: string }) {
  return (
    <p className={classes.pair}>
      <bdi className={classes.name}>{name}</bdi>
      <bdi className={classes.value}>{value}</bdi>
    </p>
  );
}

function Before({ chat }: { chat: Chat }) {
  const { t } = useConsole();
  const isOpen = chat.phase !== "closed";
  const to = isOpen ? paths.chat(chat.conversation) : paths.transcript(chat.conversation);
  return (
    <li>
      <Link href={to} className={classes.chat}>
        <DayTime at={chat.opened_at} />
        {isOpen && <span className={classes.said}>{t("customer.chats.open")}</span>}
        <bdi className={classes.text}>{chat.text || chat.site}</bdi>
      </Link>
    </li>
  );
}

function answerName(key: string, t: ReturnType<typeof useText>): string {
  if (key === "topic") return t("customer.topic");
  return key === "email" ? t("visitor.email") : key;
}
