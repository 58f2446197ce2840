/** The customiser: sections at the left, the real widget beside them, nothing kept before one says so. */

import "@mantine/core/styles/Accordion.css";
import "@mantine/core/styles/Checkbox.css";
import "@mantine/core/styles/Fieldset.css";
import "@mantine/core/styles/NumberInput.css";
import "@mantine/core/styles/Radio.css";
import { Accordion, Alert, Anchor, Button, SegmentedControl } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { ApiError } from "../api/http";
import type { Site } from "../api/types";
import { useConsole, useText } from "../app/context";
import { paths } from "../app/paths";
import { hasFieldErrors } from "../ui/fields";
import { Loading } from "../ui/loading";
import { useNotice } from "../ui/notice";
import { errorText, Trouble } from "../ui/trouble";
import classes from "./customise.module.css";
import { useAskBeforeLeaving } from "./leave";
import { useSites, useWidget } from "./queries";
import type { Scene, Sight } from "./scenes";
import { sections } from "./sections";
import type { WidgetSettings } from "./settings";
import { Stage } from "./stage";
import { useDraft } from "./use-draft";

export function CustomiseScreen({ site: id }: { site: string }) {
  const sites = useSites();
  const widget = useWidget(id);
  const error = sites.error ?? widget.error;
  const site = sites.data?.items.find((one) => one.id === id);
  const [round, setRound] = useState(0);
  /** Throws the draft away and starts from what is stored. */
  async function restart(): Promise<void> {
    await Promise.all([sites.refetch(), widget.refetch()]);
    setRound(round + 1);
  }
  const reload = () => void restart();
  if (error && !(site && widget.data)) return <Trouble error={error} retry={reload} />;
  if (!site || !widget.data) return <Loading rows={8} />;
  return <Customiser key={round} site={site} stored={widget.data} reload={reload} />;
}

interface Props {
  site: Site;
  stored: WidgetSettings;
  reload(): void;
}

function Customiser({ site, stored, reload }: Props) {
  const t = useText();
  const notice = useNotice();
  const { locale } = useConsole();
  const [lang, setLang] = useState<string>(site.locale === "auto" ? locale : site.locale);
  const [part, setPart] = useState<string>("settings");
  const [section, setSection] = useState<string | null>("look");
  const [sight, setSight] = useState<Sight>({ scene: "open" });
  const editing = useDraft(site, stored, lang);
  const { isDirty, isSaving, error, drafted, save, discard } = editing;
  useAskBeforeLeaving(isDirty);

  function choose(next: string | null): void {
    setSection(next);
    const shows = sections.find((one) => one.id === next)?.shows;
    if (shows) show(shows);
  }

  function show(scene: Scene, greeting?: string): void {
    setSight({ scene, greeting });
  }

  async function keep(): Promise<void> {
    if (await save()) notice.done(t("common.saved"));
  }

  return (
    <div className={classes.screen} data-part={part}>
      <header className={classes.head}>
        <Anchor component={Link} href={paths.site(site.id)} className={classes.back ?? ""}>
          <IconArrowLeft size={16} aria-hidden />
          <span>{site.name}</span>
        </Anchor>
        <h1 className={classes.title}>{t("widget.title")}</h1>
        <div className={classes.actions}>
          <span className={classes.state} aria-live="polite">
            {isDirty ? t("widget.unsaved") : ""}
          </span>
          <Button variant="default" disabled={!isDirty || isSaving} onClick={discard}>
            {t("common.discard")}
          </Button>
          <Button disabled={!isDirty} loading={isSaving} onClick={() => void keep()}>
            {t("common.save")}
          </Button>
        </div>
      </header>
      <SegmentedControl
        className={classes.parts ?? ""}
        aria-label={t("widget.parts")}
        value={part}
        onChange={setPart}
        data={[
          { value: "settings", label: t("widget.parts.settings") },
          { value: "stage", label: t("widget.stage") },
        ]}
      />
      <div className={classes.form}>
        {error && <Problem error={error} reload={reload} />}
        <Accordion value={section} onChange={choose} variant="default" chevronPosition="right">
          {sections.map(({ id, title, about, Form }) => (
            <Accordion.Item key={id} value={id}>
              <Accordion.Control>
                <span className={classes.section}>{t(title)}</span>
                <span className={classes.about}>{t(about)}</span>
              </Accordion.Control>
              <Accordion.Panel>
                {section === id && <Form site={site} show={show} {...editing} />}
              </Accordion.Panel>
            </Accordion.Item>
          ))}
        </Accordion>
      </div>
      <div className={classes.beside}>
        {site.enabled ? (
          <Stage
            site={site}
            drafted={drafted}
            lang={lang}
            setLang={setLang}
            sections={editing.draft.sections}
            sight={sight}
            show={show}
          />
        ) : (
          <p className={classes.off}>{t("widget.stage.off")}</p>
        )}
      </div>
    </div>
  );
}

function Problem({ error, reload }: { error: Error; reload(): void }) {
  const t = useText();
  const isStale = error instanceof ApiError && error.code === "conflict";
  return (
    <Alert color="red" role="alert" m="md">
      {hasFieldErrors(error)
        ? t("error.invalid")
        : isStale
          ? t("widget.stale")
          : errorText(error, t)}
      {isStale && (
        <Button variant="default" size="xs" mt="sm" display="block" onClick={reload}>
          {t("widget.reload")}
        </Button>
      )}
    </Alert>
  );
}
