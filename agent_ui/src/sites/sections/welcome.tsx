/** The first words, their language, and who says them. */

import { locales } from "@chat/widget/locales";
import { Select, Stack, Textarea } from "@mantine/core";
import type { SiteLocale } from "../../api/types";
import { useText } from "../../app/context";
import { languageName } from "../../visitor/language";
import type { SectionProps } from "../settings";
import { Line } from "./line";
import { Team } from "./team";

const WELCOME_CHARS = 80;

export function WelcomeSection(props: SectionProps) {
  const { draft, setLook, wrong } = props;
  const t = useText();
  return (
    <Stack>
      <Line
        of={props}
        place="looks.welcome"
        label={t("widget.welcome.title")}
        description={t("widget.welcome.title.about")}
        dir="auto"
        maxLength={WELCOME_CHARS}
      />
      <Textarea
        label={t("site.greeting")}
        description={t("site.greeting.about")}
        autosize
        minRows={2}
        dir="auto"
        value={draft.look.greeting}
        error={wrong("greeting")}
        onChange={(event) => setLook({ greeting: event.currentTarget.value })}
      />
      <Select
        label={t("site.locale")}
        allowDeselect={false}
        data={[
          { value: "auto", label: t("site.locale.auto") },
          ...locales.map((tag) => ({ value: tag, label: languageName(tag, tag) })),
        ]}
        value={draft.look.locale}
        error={wrong("locale")}
        onChange={(locale) => locale && setLook({ locale: locale as SiteLocale })}
      />
      <Team {...props} />
    </Stack>
  );
}
