/** When something may be kept in a visitor's browser. */

import { Radio, Stack } from "@mantine/core";
import { useText } from "../../app/context";
import type { SectionProps } from "../settings";

const modes = ["on-open", "required", "granted"] as const;

export function ConsentSection({ draft, set, wrong }: SectionProps) {
  const t = useText();
  return (
    <Radio.Group
      label={t("widget.consent.mode")}
      value={draft.sections.consent.mode}
      error={wrong("consent.mode")}
      onChange={(mode) => set("consent", { mode: mode as (typeof modes)[number] })}
    >
      <Stack mt={8} gap={10}>
        {modes.map((mode) => (
          <Radio
            key={mode}
            value={mode}
            label={t(`widget.consent.${mode}`)}
            description={t(`widget.consent.${mode}.about`)}
          />
        ))}
      </Stack>
    </Radio.Group>
  );
}
