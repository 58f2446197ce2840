/** The real widget with unsaved values, on a page of grey boxes: beside the form, as on a desk or on a phone. */

import { useEffect, useMemo, useRef, useState } from "react";
import type { Site } from "../api/types";
import { useText } from "../app/context";
import type { Drafted } from "./queries";
import { greetingOf, type Scene, type Sight, sceneFor, scenesOf } from "./scenes";
import type { Sections } from "./settings";
import classes from "./stage.module.css";
import { type Ground, StageTools } from "./stage-tools";

interface Props {
  site: Site;
  drafted: Drafted | null;
  sections: Sections;
  sight: Sight;
  show(scene: Scene): void;
  lang: string;
  setLang(lang: string): void;
}

export function Stage({ site, drafted, sections, sight, show, lang, setLang }: Props) {
  const t = useText();
  const frame = useRef<HTMLIFrameElement>(null);
  const [device, setDevice] = useState("desktop");
  const [ground, setGround] = useState<Ground>("light");
  const [round, setRound] = useState(0);
  const [isReady, setReady] = useState(false);
  const { origin } = new URL(site.stage_url);
  const scene = sceneFor(sight.scene, sections);
  const greeting = useMemo(() => greetingOf(sections, sight.greeting), [sections, sight.greeting]);

  useEffect(() => {
    const listen = ({ source, origin: from, data }: MessageEvent<{ t: string }>) => {
      if (source !== frame.current?.contentWindow || from !== origin) return;
      if (data.t === "staged") setReady(true);
    };
    addEventListener("message", listen);
    return () => removeEventListener("message", listen);
  }, [origin]);

  useEffect(() => {
    if (!isReady || !drafted) return;
    const news = { t: "stage", scene, greeting, round, dark: ground === "dark" };
    frame.current?.contentWindow?.postMessage({ ...news, ...onGround(drafted, ground) }, origin);
  }, [isReady, drafted, ground, scene, greeting, round, origin]);

  useKeepFocus(frame);

  return (
    <section className={classes.stage} aria-label={t("widget.stage")}>
      <StageTools
        {...{ device, setDevice, ground, setGround, scene, show, lang, setLang }}
        scenes={scenesOf(sections)}
        again={() => setRound(round + 1)}
      />
      <div className={classes.desk}>
        <iframe
          ref={frame}
          className={classes.frame}
          data-device={device}
          src={site.stage_url}
          title={t("widget.stage")}
        />
      </div>
    </section>
  );
}

/** What follows the visitor's computer follows the toolbar here. */
function onGround({ config, boot, ...asked }: Drafted, ground: Ground): Drafted {
  if (boot.site.scheme !== "auto") return { config, boot, ...asked };
  return {
    ...asked,
    config: { ...config, scheme: ground },
    boot: { ...boot, site: { ...boot.site, scheme: ground } },
  };
}

/** A widget that opens takes the focus, as it should on a website; here somebody is typing beside it. */
function useKeepFocus(frame: React.RefObject<HTMLIFrameElement | null>): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    const over = new AbortController();
    document.addEventListener(
      "focusin",
      ({ target }) => {
        if (target instanceof HTMLElement && target !== frame.current) last = target;
      },
      over,
    );
    addEventListener(
      "blur",
      () => {
        const { current } = frame;
        if (document.activeElement !== current || current?.matches(":hover")) return;
        last?.focus({ preventScroll: true });
      },
      over,
    );
    return () => over.abort();
  }, [frame]);
}
