/** The way around: a slim rail on a desk, a bar at the bottom on a phone. */

import { VisuallyHidden } from "@mantine/core";
import {
  IconBuildingStore,
  IconHistory,
  IconInbox,
  IconMail,
  IconMessageBolt,
  IconUsers,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { unreadForMe } from "../state/inbox";
import { useLive, useMay, useText } from "./context";
import classes from "./nav.module.css";
import { paths } from "./paths";
import { StatusMenu } from "./status-menu";

export function Nav() {
  const t = useText();
  const unread = useLive((state) => unreadForMe(state.inbox.rows, state.me));
  const mayManageSites = useMay("site.manage");
  const mayManagePeople = useMay("people.manage");
  const mayManageMail = useMay("mail.manage");
  const icon = { size: 20, stroke: 1.6 };
  return (
    <nav className={classes.nav} aria-label={t("nav.label")}>
      <ul className={classes.list}>
        <Item
          to={paths.inbox}
          label={t("nav.inbox")}
          icon={<IconInbox {...icon} />}
          badge={unread}
        />
        <Item
          to={paths.transcripts}
          label={t("nav.transcripts")}
          icon={<IconHistory {...icon} />}
        />
        <Item to={paths.canned} label={t("nav.canned")} icon={<IconMessageBolt {...icon} />} />
        {mayManageSites && (
          <Item to={paths.sites} label={t("nav.sites")} icon={<IconBuildingStore {...icon} />} />
        )}
        {mayManagePeople && (
          <Item to={paths.people} label={t("nav.people")} icon={<IconUsers {...icon} />} />
        )}
        {mayManageMail && (
          <Item to={paths.mail} label={t("nav.mail")} icon={<IconMail {...icon} />} />
        )}
      </ul>
      <StatusMenu />
    </nav>
  );
}

interface ItemProps {
  to: string;
  label: string;
  icon: ReactNode;
  badge?: number;
}

function Item({ to, label, icon, badge = 0 }: ItemProps) {
  const t = useText();
  const [location] = useLocation();
  const isHere = location === to || location.startsWith(`${to}/`);
  return (
    <li>
      <Link href={to} className={classes.item} aria-current={isHere ? "page" : undefined}>
        <span className={classes.icon} aria-hidden>
          {icon}
          {badge > 0 && <span className={classes.badge}>{badge > 99 ? "99+" : badge}</span>}
        </span>
        <span className={classes.label}>{label}</span>
        {badge > 0 && <VisuallyHidden>{t("inbox.unread", { count: badge })}</VisuallyHidden>}
      </Link>
    </li>
  );
}
