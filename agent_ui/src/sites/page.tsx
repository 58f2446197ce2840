/** One site: put it on a page, then how it looks and where it may stand. */

import { Anchor, Button } from "@mantine/core";
import { IconArrowLeft, IconBuildingStore } from "@tabler/icons-react";
import { Link, useLocation } from "wouter";
import { useText } from "../app/context";
import { paths } from "../app/paths";
import { IdentityKeys } from "../customers/keys";
import { HoursSummary } from "../hours/summary";
import { Empty } from "../ui/empty";
import { Loading } from "../ui/loading";
import { Card, Page } from "../ui/page";
import { Trouble } from "../ui/trouble";
import { CheckSite } from "./check";
import { SiteForm } from "./form";
import { Install } from "./install";
import { NEW, newSite } from "./new";
import classes from "./page.module.css";
import { useSites } from "./queries";

export function SitePage({ id }: { id: string }) {
  const t = useText();
  const [, go] = useLocation();
  const { data, error, refetch } = useSites();
  if (id === NEW)
    return (
      <Page title={t("site.new")} back={<Back />}>
        <SiteForm
          id={null}
          site={newSite}
          saved={(site) => go(paths.site(site.id), { replace: true })}
        />
      </Page>
    );
  if (!data) return error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading />;
  const site = data.items.find((one) => one.id === id);
  if (site === undefined)
    return (
      <Empty
        icon={<IconBuildingStore size={24} stroke={1.5} />}
        title={t("error.not_found")}
        action={<Back />}
      />
    );
  return (
    <Page title={site.name} back={<Back />}>
      <Install site={site} />
      <CheckSite site={site} />
      <Card title={t("widget.title")} about={t("widget.about")}>
        <Button component={Link} href={paths.widget(id)}>
          {t("widget.open")}
        </Button>
      </Card>
      <HoursSummary site={id} />
      <SiteForm id={id} site={site} />
      <IdentityKeys site={id} />
    </Page>
  );
}

function Back() {
  const t = useText();
  return (
    <Anchor component={Link} href={paths.sites} className={classes.back ?? ""}>
      <IconArrowLeft size={16} aria-hidden />
      {t("site.title")}
    </Anchor>
  );
}
