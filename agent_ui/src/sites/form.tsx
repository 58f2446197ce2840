/** A site's looks and places. */

import { locales } from "@chat/widget/locales";
import {
  Alert,
  Button,
  ColorInput,
  SegmentedControl,
  Select,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Site, SiteDraft, SiteLocale } from "../api/types";
import { useText } from "../app/context";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";
import { errorText } from "../ui/trouble";
import { languageName } from "../visitor/language";
import classes from "./page.module.css";
import { useSaveSite } from "./queries";
import { palette } from "./sections/look";

interface Props {
  id: string | null;
  site: SiteDraft;
  saved?: (site: Site) => void;
}

export function SiteForm({ id, site, saved }: Props) {
  const t = useText();
  const notice = useNotice();
  const save = useSaveSite(id);
  const [draft, setDraft] = useState<SiteDraft>(() => draftOf(site));
  const set = (part: Partial<SiteDraft>): void => setDraft({ ...draft, ...part });
  const wrong = (field: keyof SiteDraft) => fieldError(save.error, field, t);

  function submit(event: FormEvent): void {
    event.preventDefault();
    save.mutate(id === null ? draft : placesOf(draft), {
      onSuccess: (stored) => {
        notice.done(t("common.saved"));
        saved?.(stored);
      },
    });
  }

  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <Card {...(id === null && { title: t("site.looks") })}>
        <Stack>
          {save.error && !hasFieldErrors(save.error) && (
            <Alert color="red" role="alert">
              {errorText(save.error, t)}
            </Alert>
          )}
          <TextInput
            label={t("site.name")}
            description={t("site.name.about")}
            required
            withAsterisk={false}
            value={draft.name}
            error={wrong("name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          {id === null && (
            <>
              <Textarea
                label={t("site.greeting")}
                description={t("site.greeting.about")}
                autosize
                minRows={2}
                dir="auto"
                value={draft.greeting}
                error={wrong("greeting")}
                onChange={(event) => set({ greeting: event.currentTarget.value })}
              />
              <div className={classes.pair}>
                <ColorInput
                  label={t("site.color")}
                  swatches={palette}
                  eyeDropperButtonProps={{ "aria-label": t("site.color.pick") }}
                  value={draft.color}
                  error={wrong("color")}
                  onChange={(color) => set({ color })}
                />
                <Select
                  label={t("site.locale")}
                  allowDeselect={false}
                  data={[
                    { value: "auto", label: t("site.locale.auto") },
                    ...locales.map((tag) => ({ value: tag, label: languageName(tag, tag) })),
                  ]}
                  value={draft.locale}
                  error={wrong("locale")}
                  onChange={(locale) => locale && set({ locale: locale as SiteLocale })}
                />
              </div>
              <Position value={draft.position} choose={(position) => set({ position })} />
            </>
          )}
        </Stack>
      </Card>
      <Card title={t("site.places")} about={t("site.places.about")}>
        <Stack>
          <TagsInput
            label={t("site.origins")}
            description={t("site.origins.about")}
            placeholder={draft.origins.length === 0 ? "https://shop.example" : ""}
            acceptValueOnBlur
            splitChars={[",", " ", ";"]}
            value={draft.origins}
            error={wrong("origins")}
            onChange={(origins) => set({ origins })}
          />
          <Switch
            label={t("site.enabled")}
            description={t("site.enabled.about")}
            checked={draft.enabled}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
        </Stack>
      </Card>
      <Card title={t("site.writing")}>
        <Switch
          label={t("site.drafts")}
          description={t("site.drafts.about")}
          checked={draft.drafts}
          onChange={(event) => set({ drafts: event.currentTarget.checked })}
        />
      </Card>
      <Button type="submit" loading={save.isPending}>
        {t(id === null ? "site.create" : "common.save")}
      </Button>
    </form>
  );
}

function Position({
  value,
  choose,
}: {
  value: SiteDraft["position"];
  choose(position: SiteDraft["position"]): void;
}) {
  const t = useText();
  return (
    <div>
      <p id="site-position" className={classes.label}>
        {t("site.position")}
      </p>
      <SegmentedControl
        aria-labelledby="site-position"
        mt={4}
        data={[
          { value: "left", label: t("site.position.left") },
          { value: "right", label: t("site.position.right") },
        ]}
        value={value}
        onChange={(position) => choose(position === "left" ? "left" : "right")}
      />
    </div>
  );
}

/** The rest of an existing site is the customiser's. */
function placesOf({ name, origins, enabled, drafts }: SiteDraft): Partial<SiteDraft> {
  return { name, origins, enabled, drafts };
}

/** Only what may be written: the rest of a site would be refused. */
function draftOf({
  name,
  color,
  position,
  greeting,
  locale,
  origins,
  enabled,
  drafts,
}: SiteDraft): SiteDraft {
  return { name, color, position, greeting, locale, origins, enabled, drafts };
}
