/** Says what is true about the connection, and nothing when all is well. */

import { Button } from "@mantine/core";
import { useEffect, useState } from "react";
import type { Link } from "../state/link";
import type { Text } from "../text/text";
import { useNow } from "../ui/use-now";
import classes from "./banner.module.css";
import { useConsole, useLive } from "./context";

/** A short hiccup is not worth a word. */
const PATIENCE_MS = 900;

export function Banner() {
  const link = useLive((state) => state.link);
  const troubled = link.is !== "online";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!troubled) return setShown(false);
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [troubled]);
  return (
    <div role="status" className={classes.region}>
      {troubled && (shown || link.is === "stopped") && <Words link={link} />}
    </div>
  );
}

function Words({ link }: { link: Link }) {
  const { session, t } = useConsole();
  const now = useNow("second");
  return (
    <div className={classes.banner} data-is={link.is}>
      <span>{say(link, now, t)}</span>
      {link.is === "waiting" && (
        <Button size="compact-xs" variant="default" onClick={session.hurry}>
          {t("link.now")}
        </Button>
      )}
      {link.is === "stopped" && (
        <Button size="compact-xs" variant="default" onClick={() => repair(link, session.hurry)}>
          {t(
            link.why === "signed_out"
              ? "link.signIn"
              : link.why === "replaced"
                ? "link.here"
                : "link.reload",
          )}
        </Button>
      )}
    </div>
  );
}

function say(link: Link, now: number, t: Text): string {
  switch (link.is) {
    case "online":
      return "";
    case "connecting":
      return t("link.connecting");
    case "waiting": {
      if (!navigator.onLine) return t("link.offline");
      return t("link.waiting", { n: Math.max(1, Math.ceil((link.until - now) / 1000)) });
    }
    case "stopped":
      return t(`link.${link.why}`);
  }
}

function repair(link: Link & { is: "stopped" }, hurry: () => void): void {
  if (link.why === "replaced") hurry();
  else if (link.why === "signed_out") {
    const next = encodeURIComponent(window.location.pathname);
    window.location.assign(`/agent/sign-in?next=${next}`);
  } else window.location.reload();
}
