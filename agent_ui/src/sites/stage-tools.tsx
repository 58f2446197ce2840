/** Above the stage: on which screen, by day or by night, what is played, in which language. */

import { locales } from "@chat/widget/locales";
import { ActionIcon, SegmentedControl, Select, VisuallyHidden } from "@mantine/core";
import {
  IconDeviceDesktop,
  IconDeviceMobile,
  IconMoon,
  IconRefresh,
  IconSun,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useText } from "../app/context";
import { languageName } from "../visitor/language";
import type { Scene } from "./scenes";
import classes from "./stage.module.css";

export type Ground = "light" | "dark";

interface Props {
  device: string;
  setDevice(device: string): void;
  ground: Ground;
  setGround(ground: Ground): void;
  scene: Scene;
  scenes: readonly Scene[];
  show(scene: Scene): void;
  again(): void;
  lang: string;
  setLang(lang: string): void;
}

export function StageTools(props: Props) {
  const t = useText();
  const { device, setDevice, ground, setGround, scene, scenes, show, again, lang, setLang } = props;
  return (
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
        choose={(value) => setGround(value === "dark" ? "dark" : "light")}
        data={[
          ["light", t("widget.stage.light"), <IconSun key="l" size={16} />],
          ["dark", t("widget.stage.dark"), <IconMoon key="d" size={16} />],
        ]}
      />
      <Select
        className={classes.scene ?? ""}
        size="xs"
        aria-label={t("widget.stage.scene")}
        allowDeselect={false}
        data={scenes.map((one) => ({ value: one, label: t(`widget.scene.${one}`) }))}
        value={scene}
        onChange={(value) => value && show(value)}
      />
      <ActionIcon aria-label={t("widget.stage.again")} onClick={again}>
        <IconRefresh size={16} />
      </ActionIcon>
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
  );
}

interface ChoiceProps {
  className?: string;
  label: string;
  value: string;
  choose(value: string): void;
  data: [value: string, name: string, icon: ReactNode][];
}

function Choice({ className = "", label, value, choose, data }: ChoiceProps) {
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
