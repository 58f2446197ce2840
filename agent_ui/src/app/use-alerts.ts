/** Tells the agent about new messages: the tab's title always, sound and desktop notice when wanted. */

import { useEffect, useRef } from "react";
import { sectionOf, unreadForMe } from "../state/inbox";
import type { State } from "../state/state";
import { visitorName } from "../visitor/name";
import type { InboxRow } from "../wire";
import { useConsole, useLive } from "./context";
import { usePreferences } from "./preferences";
import { chime } from "./sound";

export function useAlerts(): void {
  const { boot, session, t } = useConsole();
  const [{ sound, notices }] = usePreferences();
  const unread = useLive((state) => unreadForMe(state.inbox.rows, state.me));
  const wanted = useRef({ sound, notices, t });
  wanted.current = { sound, notices, t };

  useEffect(() => {
    const name = `${t("nav.inbox")} · ${boot.me.workspace.name}`;
    document.title = unread > 0 ? `(${unread > 99 ? "99+" : unread}) ${name}` : name;
  }, [unread, t, boot.me.workspace.name]);

  useEffect(() => {
    let before = session.store.get();
    return session.store.subscribe(() => {
      const now = session.store.get();
      const fresh = freshMessages(before, now);
      before = now;
      const [first] = fresh;
      if (first === undefined || document.hasFocus()) return;
      if (wanted.current.sound) chime();
      if (wanted.current.notices) tell(first, visitorName(first.visitor, wanted.current.t));
    });
  }, [session]);
}

/** Rows of mine or of the queue with more unread than before. The first load is no news. */
export function freshMessages(before: State, now: State): readonly InboxRow[] {
  if (before.inbox.rows === now.inbox.rows || !before.inbox.ready) return [];
  return Object.values(now.inbox.rows).filter((row) => {
    const section = sectionOf(row, now.me);
    const old = before.inbox.rows[row.conversation]?.unread ?? 0;
    return (section === "mine" || section === "queue") && (row.unread ?? 0) > old;
  });
}

function tell(row: InboxRow, title: string): void {
  if (!("Notification" in window) || Notification.permission !== "granted") return;
  const notice = new Notification(title, { body: row.last?.text ?? "", tag: row.conversation });
  notice.onclick = () => window.focus();
}
