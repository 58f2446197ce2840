/** Says what is true about the connection and the server, and nothing when all is well. */

import { systemClock } from "@chat/widget/wire";
import { Button } from "@mantine/core";
import { useNetwork } from "@mantine/hooks";
import { useEffect, useState } from "react";
import type { Link } from "../state/link";
import { useNow } from "../ui/use-now";
import classes from "./banner.module.css";
import { type Truth, truthOf } from "./banner-truth";
import { useConsole, useLive, useMay, useText } from "./context";

/** A short hiccup is not worth a word. */
const PATIENCE_MS = 900;
const HANDS = ["keydown", "pointerdown"] as const;

export function Banner() {
  const t = useText();
  const link = useLive((state) => state.link);
  const storage = useLive((state) => state.storage);
  const bus = useLive((state) => state.bus);
  const { online: hasNetwork } = useNetwork();
  const isEnding = useLive((state) => state.endsAt !== null);
  const looksAfter = useMay("site.manage");
  const truth = truthOf({ link, hasNetwork, storage, bus, isEnding, looksAfter });
  const isShown = useIsShown(truth);
  return (
    <div className={classes.banner} data-is={truth?.is} data-shown={isShown || undefined}>
      <span role="status">{isShown && truth?.says.map((key) => t(key)).join(" ")}</span>
      {isShown && truth?.is === "waiting" && link.is === "waiting" && (
        <Countdown until={link.until} />
      )}
      {isShown && truth?.is === "ending" && <Stay />}
      {isShown && link.is === "stopped" && <Repair link={link} />}
    </div>
  );
}

/** Trouble shows when it lasts; what needs the person's hand shows at once. */
function useIsShown(truth: Truth | null): boolean {
  const isTroubled = truth !== null;
  const [isLasting, setLasting] = useState(false);
  useEffect(() => {
    if (!isTroubled) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isTroubled]);
  return isTroubled && (isLasting || truth.is === "stopped");
}

/** Beside the live region: nobody wants every second read aloud. */
function Countdown({ until }: { until: number }) {
  const { session, t } = useConsole();
  useNow("second");
  const left = until - systemClock.now(); // not the wall clock, which may be turned meanwhile
  return (
    <>
      <span>{t("link.waiting", { count: Math.max(1, Math.ceil(left / 1000)) })}</span>
      <Button size="compact-xs" variant="default" onClick={session.hurry}>
        {t("link.now")}
      </Button>
    </>
  );
}

/** Whoever is still at the keyboard stays signed in; nobody has to find the button in the middle of a chat. */
function Stay() {
  const { api, t } = useConsole();
  useEffect(() => {
    const stay = (): void => void api.get("/api/me").catch(() => {}); // refused: the banner says why
    for (const kind of HANDS) window.addEventListener(kind, stay, { once: true });
    return () => {
      for (const kind of HANDS) window.removeEventListener(kind, stay);
    };
  }, [api]);
  return (
    <Button size="compact-xs" variant="default">
      {t("link.stay")}
    </Button>
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
