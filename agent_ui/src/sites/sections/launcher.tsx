/** The button: corner, distance, sign, words, and the pages on which it is shown. */

import { NumberInput, Stack } from "@mantine/core";
import { useText } from "../../app/context";
import type { SectionProps } from "../settings";
import { Line } from "./line";
import { PageRules } from "./page-rules";
import { Pick } from "./pick";
import classes from "./sections.module.css";

const LABEL_CHARS = 40;
const OFFSET_PIXELS = 400;

export function LauncherSection(props: SectionProps) {
  const { draft, setLook, set, wrong } = props;
  const t = useText();
  const { launcher } = draft.sections;
  return (
    <Stack>
      <Pick
        label={t("site.position")}
        value={draft.look.position}
        choose={(position) => setLook({ position })}
        data={[
          ["left", t("site.position.left")],
          ["right", t("site.position.right")],
        ]}
      />
      <div className={classes.pair}>
        <NumberInput
          label={t("widget.offset.side")}
          suffix=" px"
          min={0}
          max={OFFSET_PIXELS}
          allowDecimal={false}
          value={launcher.offset_side}
          error={wrong("launcher.offset_side")}
          onChange={(value) => set("launcher", { offset_side: Number(value) })}
        />
        <NumberInput
          label={t("widget.offset.bottom")}
          suffix=" px"
          min={0}
          max={OFFSET_PIXELS}
          allowDecimal={false}
          value={launcher.offset_bottom}
          error={wrong("launcher.offset_bottom")}
          onChange={(value) => set("launcher", { offset_bottom: Number(value) })}
        />
      </div>
      <Pick
        label={t("widget.icon")}
        value={launcher.icon}
        choose={(icon) => set("launcher", { icon })}
        data={[
          ["chat", t("widget.icon.chat")],
          ["question", t("widget.icon.question")],
          ["wave", t("widget.icon.wave")],
        ]}
      />
      <Line
        of={props}
        place="launcher.label"
        label={t("widget.label")}
        description={t("widget.label.about")}
        dir="auto"
        maxLength={LABEL_CHARS}
      />
      <Pick
        label={t("widget.phone")}
        value={launcher.phone}
        choose={(phone) => set("launcher", { phone })}
        data={[
          ["show", t("widget.show")],
          ["hide", t("widget.hide")],
        ]}
      />
      <PageRules
        rules={launcher.pages}
        elsewhere={launcher.elsewhere}
        wrong={(at) => wrong(`launcher.pages.${at}`)}
        change={(pages) => set("launcher", { pages })}
        changeElsewhere={(elsewhere) => set("launcher", { elsewhere })}
      />
    </Stack>
  );
}
