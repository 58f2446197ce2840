/** Narrows the list: words, site, agent, rating, days. */

import { Button, Collapse, Select, TextInput } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconSearch } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useText } from "../app/context";
import classes from "./filters.module.css";
import { type Filter, noFilter, useAgentNames, useSiteNames } from "./queries";

export function Filters({ filter, change }: { filter: Filter; change(filter: Filter): void }) {
  const t = useText();
  const id = useId();
  const [isOpen, setOpen] = useState(false);
  const { q: _, ...rest } = filter;
  const active = Object.values(rest).filter(Boolean).length;
  return (
    <search className={classes.filters} aria-label={t("transcript.search")}>
      <div className={classes.first}>
        <TextInput
          type="search"
          className={classes.words ?? ""}
          leftSection={<IconSearch size={16} />}
          placeholder={t("transcript.search")}
          aria-label={t("transcript.search")}
          value={filter.q}
          onChange={(event) => change({ ...filter, q: event.currentTarget.value })}
        />
        <Button
          variant="default"
          leftSection={<IconAdjustmentsHorizontal size={16} />}
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          {active > 0 ? t("transcript.filters.count", { count: active }) : t("transcript.filters")}
        </Button>
      </div>
      <Collapse expanded={isOpen} id={id}>
        {isOpen && <More filter={filter} change={change} />}
      </Collapse>
    </search>
  );
}

function More({ filter, change }: { filter: Filter; change(filter: Filter): void }) {
  const t = useText();
  const sites = useSiteNames().data?.items ?? [];
  const agents = useAgentNames().data?.items ?? [];
  const option = ({ id, name }: { id: string; name: string }) => ({ value: id, label: name });
  const day = (name: "from" | "to") => (
    <TextInput
      type="date"
      label={t(`transcript.${name}`)}
      value={filter[name]}
      onChange={(event) => change({ ...filter, [name]: event.currentTarget.value })}
    />
  );
  return (
    <div className={classes.more}>
      <Select
        label={t("transcript.site")}
        placeholder={t("transcript.any")}
        clearable
        data={sites.map(option)}
        value={filter.site}
        onChange={(site) => change({ ...filter, site })}
      />
      <Select
        label={t("transcript.agent")}
        placeholder={t("transcript.any")}
        clearable
        searchable
        data={agents.map(option)}
        value={filter.agent}
        onChange={(agent) => change({ ...filter, agent })}
      />
      <Select
        label={t("transcript.rating")}
        placeholder={t("transcript.any")}
        clearable
        data={[
          { value: "4,5", label: t("transcript.rating.high") },
          { value: "3", label: t("transcript.rating.middle") },
          { value: "1,2", label: t("transcript.rating.low") },
        ]}
        value={filter.score}
        onChange={(score) => change({ ...filter, score })}
      />
      {day("from")}
      {day("to")}
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        className={classes.clear ?? ""}
        onClick={() => change({ ...noFilter, q: filter.q })}
      >
        {t("transcript.filters.clear")}
      </Button>
    </div>
  );
}
