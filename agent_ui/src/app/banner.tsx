/** Says what is true about the connection, and nothing when all is well. */

import { Button } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { useEffect, useState } from "react";
import type { Link } from "../state/link";
import type { Text } from "../text/text";
import { useNow } from "../ui/use-now";
import classes from "./banner.module.css";
import { useConsole, useLive, useText } from "./context";

/** A short hiccup is not worth a word. */
const PATIENCE_MS = 900;

export function Banner() {
  const t = useText();
  const link = useLive((state) => state.link);
  const { online: hasNetwork } = useNetwork();
  const troubled = link.is !== "online" || !hasNetwork;
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!troubled) return setShown(false);
    const timer = setTimeout(() => setShown(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [troubled]);
  const isShown = troubled && (shown || link.is === "stopped");
  return (
    <div className={classes.banner} data-is={link.is} data-shown={isShown || undefined}>
      <span role="status">{isShown && say(link, hasNetwork, t)}</span>
      {isShown && link.is === "waiting" && hasNetwork && <Countdown until={link.until} />}
      {isShown && link.is === "stopped" && <Repair link={link} />}
    </div>
  );
}

function say(link: Link, hasNetwork: boolean, t: Text): string {
  if (link.is === "stopped") return t(`link.${link.why}`);
  if (!hasNetwork) return t("link.offline");
  return t(link.is === "waiting" ? "link.lost" : "link.connecting");
}

/** Beside the live region: nobody wants every second read aloud. */
function Countdown({ until }: { until: number }) {
  const { session, t } = useConsole();
  const now = useNow("second");
  return (
    <>
      <span>{t("link.waiting", { count: Math.max(1, Math.ceil((until - now) / 1000)) })}</span>
      <Button size="compact-xs" variant="default" onClick={session.hurry}>
        {t("link.now")}
      </Button>
    </>
  );
}

type Stopped = Link & { is: "stopped" };

function Repair({ link }: { link: Stopped }) {
  const { session, t } = useConsole();
  const words = {
    signed_out: "link.signIn",
    replaced: "link.here",
    outdated: "link.reload",
    refused: "link.reload",
  } as const;
  return (
    <Button size="compact-xs" variant="default" onClick={() => repair(link, session.hurry)}>
      {t(words[link.why])}
    </Button>
  );
}

function repair(link: Stopped, hurry: () => void): void {
  if (link.why === "replaced") hurry();
  else if (link.why === "signed_out") {
    const next = encodeURIComponent(window.location.pathname);
    window.location.assign(`/agent/sign-in?next=${next}`);
  } else window.location.reload();
}
