/** The real widget with unsaved values, on a page of grey boxes: beside the form, as on a desk or on a phone. */

import { locales } from "@chat/widget/locales";
import { SegmentedControl, Select, VisuallyHidden } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconDeviceMobile,
  IconMessageCircle,
  IconMessageCircleOff,
  IconMoon,
  IconSun,
} from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Site } from "../api/types";
import { useText } from "../app/context";
import { languageName } from "../visitor/language";
import type { Drafted } from "./queries";
import classes from "./stage.module.css";

interface Props {
  site: Site;
  drafted: Drafted | null;
  lang: string;
  setLang(lang: string): void;
  isOpen: boolean;
  setOpen(on: boolean): void;
}

export function Stage({ site, drafted, lang, setLang, isOpen, setOpen }: Props) {
  const t = useText();
  const frame = useRef<HTMLIFrameElement>(null);
  const [device, setDevice] = useState("desktop");
  const [ground, setGround] = useState("light");
  const [isReady, setReady] = useState(false);
  const { origin } = new URL(site.stage_url);

  useEffect(() => {
    const listen = ({
      source,
      origin: from,
      data,
    }: MessageEvent<{ t: string; open?: boolean }>) => {
      if (source !== frame.current?.contentWindow || from !== origin) return;
      if (data.t === "staged") setReady(true);
      if (data.t === "turned") setOpen(data.open === true);
    };
    addEventListener("message", listen);
    return () => removeEventListener("message", listen);
  }, [origin, setOpen]);

  useEffect(() => {
    if (!isReady || !drafted) return;
    const dark = ground === "dark";
    const { config, boot } = onGround(drafted, dark ? "dark" : "light");
    const news = { t: "stage", config, boot, dark, open: isOpen };
    frame.current?.contentWindow?.postMessage(news, origin);
  }, [isReady, drafted, ground, isOpen, origin]);

  useKeepFocus(frame);

  return (
    <section className={classes.stage} aria-label={t("widget.stage")}>
      <div className={classes.tools}>
        <Choice
          className={classes.device ?? ""}
          label={t("widget.stage.device")}
          value={device}
          choose={setDevice}
          data={[
            ["desktop", t("widget.stage.desktop"), <IconDeviceDesktop key="d" size={16} />],
            ["phone", t("widget.stage.phone"), <IconDeviceMobile key="p" size={16} />],
          ]}
        />
        <Choice
          label={t("widget.stage.ground")}
          value={ground}
          choose={setGround}
          data={[
            ["light", t("widget.stage.light"), <IconSun key="l" size={16} />],
            ["dark", t("widget.stage.dark"), <IconMoon key="d" size={16} />],
          ]}
        />
        <Choice
          label={t("widget.stage.panel")}
          value={isOpen ? "open" : "closed"}
          choose={(value) => setOpen(value === "open")}
          data={[
            ["closed", t("widget.stage.closed"), <IconMessageCircleOff key="c" size={16} />],
            ["open", t("widget.stage.open"), <IconMessageCircle key="o" size={16} />],
          ]}
        />
        <Select
          className={classes.language ?? ""}
          size="xs"
          aria-label={t("widget.stage.language")}
          allowDeselect={false}
          data={locales.map((tag) => ({ value: tag, label: languageName(tag, tag) }))}
          value={lang}
          onChange={(value) => value && setLang(value)}
        />
      </div>
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
function onGround({ config, boot }: Drafted, ground: "light" | "dark"): Drafted {
  if (config.scheme !== "auto") return { config, boot };
  return {
    config: { ...config, scheme: ground },
    boot: { ...boot, site: { ...boot.site, scheme: ground } },
  };
}

function Choice({
  className = "",
  label,
  value,
  choose,
  data,
}: {
  className?: string;
  label: string;
  value: string;
  choose(value: string): void;
  data: [value: string, name: string, icon: ReactNode][];
}) {
  return (
    <SegmentedControl
      size="xs"
      className={className}
      aria-label={label}
      value={value}
      onChange={choose}
      data={data.map(([one, name, icon]) => ({
        value: one,
        label: (
          <span className={classes.choice} title={name}>
            {icon}
            <VisuallyHidden>{name}</VisuallyHidden>
          </span>
        ),
      }))}
    />
  );
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
