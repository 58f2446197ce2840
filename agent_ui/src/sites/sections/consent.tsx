/** When something may be kept in a visitor's browser, and what they can read about it. */

import { Radio, Stack, TextInput } from "@mantine/core";
import { useText } from "../../app/context";
import type { SectionProps } from "../settings";

const modes = ["on-open", "required", "granted"] as const;
const LINK_CHARS = 300;

export function ConsentSection({ draft, set, wrong }: SectionProps) {
  const t = useText();
  const { mode, link } = draft.sections.consent;
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
        <TextInput
          type="url"
          dir="ltr"
          label={t("widget.consent.link")}
          description={t("widget.consent.link.about")}
          placeholder="https://shop.example/privacy"
          maxLength={LINK_CHARS}
          value={link}
          error={wrong("consent.link")}
          onChange={(event) => set("consent", { link: event.currentTarget.value })}
        />
      )}
    </Stack>
  );
}
