/** On which pages: a list that is read from above, and what holds for all others. */

import { ActionIcon, Button, Fieldset, Select, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useText } from "../../app/context";
import type { PageRule } from "../settings";
import { Pick } from "./pick";
import classes from "./sections.module.css";

const MOST = 30;

interface Props {
  rules: PageRule[];
  elsewhere: "show" | "hide";
  wrong(at: number): string | null;
  change(rules: PageRule[]): void;
  changeElsewhere(elsewhere: "show" | "hide"): void;
}

export function PageRules({ rules, elsewhere, wrong, change, changeElsewhere }: Props) {
  const t = useText();
  const put = (at: number, part: Partial<PageRule>) =>
    change(rules.map((rule, index) => (index === at ? { ...rule, ...part } : rule)));
  const words = { show: t("widget.show"), hide: t("widget.hide") };
  return (
    <Fieldset legend={t("widget.pages")} variant="unstyled">
      <p className={classes.about}>{t("widget.pages.about")}</p>
      {rules.map((rule, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: two rules may be the same while one is being written
        <div key={at} className={classes.rule}>
          <TextInput
            className={classes.grow ?? ""}
            aria-label={t("widget.pages.page", { number: at + 1 })}
            placeholder="/cart*"
            dir="ltr"
            value={rule.page}
            error={wrong(at)}
            onChange={(event) => put(at, { page: event.currentTarget.value })}
          />
          <Select
            className={classes.short ?? ""}
            aria-label={t("widget.pages.what", { number: at + 1 })}
            allowDeselect={false}
            data={[
              { value: "show", label: words.show },
              { value: "hide", label: words.hide },
            ]}
            value={rule.show ? "show" : "hide"}
            onChange={(value) => put(at, { show: value === "show" })}
          />
          <ActionIcon
            aria-label={t("widget.pages.remove", { number: at + 1 })}
            onClick={() => change(rules.filter((_, index) => index !== at))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </div>
      ))}
      {rules.length < MOST && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlus size={14} />}
          onClick={() => change([...rules, { page: "", show: false }])}
        >
          {t("widget.pages.add")}
        </Button>
      )}
      {rules.length > 0 && (
        <div className={classes.below}>
          <Pick
            label={t("widget.elsewhere")}
            value={elsewhere}
            choose={changeElsewhere}
            data={[
              ["show", words.show],
              ["hide", words.hide],
            ]}
          />
        </div>
      )}
    </Fieldset>
  );
}
