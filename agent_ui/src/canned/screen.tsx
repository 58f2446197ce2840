/** The team's prepared texts: find, write, change, delete. */

import { Button, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconMessageBolt, IconPlus, IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import type { CannedReply } from "../api/types";
import { useMay, useText } from "../app/context";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { Page } from "../ui/page";
import { Trouble } from "../ui/trouble";
import { CannedEditor } from "./editor";
import { CannedList } from "./list";
import { useCanned } from "./queries";
import classes from "./screen.module.css";

/** Closed, a new reply, or the one being changed. */
type Editing = "no" | "new" | CannedReply;

export function CannedScreen() {
  const t = useText();
  const mayManage = useMay("canned.manage");
  const [query, setQuery] = useState("");
  const [asked] = useDebouncedValue(query.trim(), 200);
  const [editing, setEditing] = useState<Editing>("no");
  const { data, error, refetch } = useCanned(asked);
  const create = mayManage && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setEditing("new")}>
      {t("canned.new")}
    </Button>
  );
  return (
    <Page title={t("canned.title")} about={t("canned.about")} action={create}>
      <TextInput
        type="search"
        className={classes.search ?? ""}
        leftSection={<IconSearch size={16} />}
        placeholder={t("canned.search")}
        aria-label={t("canned.search")}
        value={query}
        onChange={(event) => setQuery(event.currentTarget.value)}
      />
      {!data &&
        (error ? (
          <Trouble error={error} retry={() => void refetch()} />
        ) : (
          <Loading rows={6} height={64} />
        ))}
      {data?.items.length === 0 && (
        <Empty
          icon={<IconMessageBolt size={24} stroke={1.5} />}
          title={t(asked ? "canned.noMatch" : "canned.empty", { query: asked })}
        >
          {!asked && t("canned.empty.about")}
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <CannedList replies={data.items} edit={mayManage ? setEditing : null} />
      )}
      {data?.next && <p className={classes.more}>{t("canned.more")}</p>}
      {editing !== "no" && (
        <CannedEditor reply={editing === "new" ? null : editing} close={() => setEditing("no")} />
      )}
    </Page>
  );
}
