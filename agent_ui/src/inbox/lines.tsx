/** The lines of the list that are not chats. */

import { IconChevronDown } from "@tabler/icons-react";
import { useText } from "../app/context";
import type { SectionName } from "../state/inbox";
import type { Item } from "./items";
import classes from "./list.module.css";

interface HeadProps {
  item: Extract<Item, { kind: "head" }>;
  toggle(section: SectionName): void;
}

export function Head({ item: { section, count, isOpen }, toggle }: HeadProps) {
  const t = useText();
  return (
    <h3 className={classes.head}>
      <button
        type="button"
        className={classes.fold}
        aria-expanded={isOpen}
        onClick={() => toggle(section)}
      >
        <IconChevronDown size={14} stroke={2} className={classes.chevron} aria-hidden />
        <span>{t(`inbox.${section}`)}</span>
        <span className={classes.count}>{t("inbox.count", { count })}</span>
      </button>
    </h3>
  );
}

export function More({ hidden, show }: { hidden: number; show(): void }) {
  const t = useText();
  return (
    <button type="button" className={classes.more} onClick={show}>
      {t("inbox.more", { count: hidden })}
    </button>
  );
}

export function None({ section }: { section: SectionName }) {
  const t = useText();
  return (
    <p className={classes.none}>
      {t(section === "queue" ? "inbox.queue.empty" : "inbox.mine.empty")}
    </p>
  );
}
