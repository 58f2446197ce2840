/** When something may be kept in a visitor's browser, and what they can read about it. */

import { Radio, Stack } from "@mantine/core";
import { useText } from "../../app/context";
import type { SectionProps } from "../settings";
import { Line } from "./line";

const modes = ["on-open", "required", "granted"] as const;
const LINK_CHARS = 300;

export function ConsentSection(props: SectionProps) {
  const { draft, set, wrong } = props;
  const t = useText();
  const { mode } = draft.sections.consent;
  return (
    <Stack>
      <Radio.Group
        label={t("widget.consent.mode")}
        value={mode}
        error={wrong("consent.mode")}
        onChange={(next) => set("consent", { mode: next as (typeof modes)[number] })}
      >
        <Stack mt={8} gap={10}>
          {modes.map((one) => (
            <Radio
              key={one}
              value={one}
              label={t(`widget.consent.${one}`)}
              description={t(`widget.consent.${one}.about`)}
            />
          ))}
        </Stack>
      </Radio.Group>
      {mode === "required" && (
        <Line
          of={props}
          place="consent.link"
          type="url"
          dir="ltr"
          label={t("widget.consent.link")}
          description={t("widget.consent.link.about")}
          placeholder="https://shop.example/privacy"
          maxLength={LINK_CHARS}
        />
      )}
    </Stack>
  );
}
