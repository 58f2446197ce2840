/** All sites of the workspace. */

import { Badge, Button } from "@mantine/core";
import { IconBuildingStore, IconChevronRight, IconPlus } from "@tabler/icons-react";
import { Link } from "wouter";
import type { Site } from "../api/types";
import { useText } from "../app/context";
import { paths } from "../app/paths";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { Page } from "../ui/page";
import { Trouble } from "../ui/trouble";
import classes from "./list.module.css";
import { NEW } from "./new";
import { useSites } from "./queries";

export function SiteList() {
  const t = useText();
  const { data, error, refetch } = useSites();
  const create = (
    <Button component={Link} href={paths.site(NEW)} leftSection={<IconPlus size={16} />}>
      {t("site.new")}
    </Button>
  );
  return (
    <Page title={t("site.title")} about={t("site.about")} action={create}>
      {!data &&
        (error ? (
          <Trouble error={error} retry={() => void refetch()} />
        ) : (
          <Loading rows={3} height={72} />
        ))}
      {data?.items.length === 0 && (
        <Empty
          icon={<IconBuildingStore size={24} stroke={1.5} />}
          title={t("site.empty")}
          action={create}
        >
          {t("site.empty.about")}
        </Empty>
      )}
      {data && data.items.length > 0 && (
        <ul className={classes.list}>
          {data.items.map((site) => (
            <li key={site.id}>
              <Row site={site} />
            </li>
          ))}
        </ul>
      )}
    </Page>
  );
}

function Row({ site }: { site: Site }) {
  const t = useText();
  return (
    <Link href={paths.site(site.id)} className={classes.row}>
      <span className={classes.swatch} style={{ background: site.color }} aria-hidden />
      <span className={classes.words}>
        <span className={classes.name}>{site.name}</span>
        <span className={classes.origins}>
          {site.origins.length === 0
            ? t("site.origins.none")
            : site.origins.map((origin) => origin.replace(/^https?:\/\//, "")).join(", ")}
        </span>
      </span>
      <Badge
        color={site.enabled ? "pine" : "gray"}
        variant="outline"
        className={classes.badge ?? ""}
      >
        {t(site.enabled ? "site.on" : "site.off")}
      </Badge>
      <IconChevronRight size={18} className={classes.chevron} aria-hidden />
    </Link>
  );
}
