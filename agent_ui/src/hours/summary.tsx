/** On a site's page: is it open now, and the way to its hours. */

import { Button } from "@mantine/core";
import { IconClock } from "@tabler/icons-react";
import { Link } from "wouter";
import { useConsole } from "../app/context";
import { paths } from "../app/paths";
import { dayAndTime } from "../ui/moment";
import { Card } from "../ui/page";
import { useNow } from "../ui/use-now";
import { useHours } from "./queries";
import type { Hours } from "./types";

export function HoursSummary({ site }: { site: string }) {
  const { t } = useConsole();
  const { data } = useHours(site);
  return (
    <Card title={t("hours.title")}>
      <p aria-live="polite">{data ? <Now hours={data} /> : t("common.loading")}</p>
      <Button
        component={Link}
        href={paths.hours(site)}
        mt="sm"
        variant="default"
        leftSection={<IconClock size={16} />}
      >
        {t("hours.edit")}
      </Button>
    </Card>
  );
}

function Now({ hours }: { hours: Hours }) {
  const { region, t } = useConsole();
  const now = useNow("minute");
  if (hours.always) return t("hours.now.always");
  if (hours.open) return t("hours.now.open");
  if (hours.next_opening === null) return t("hours.now.never");
  return t("hours.now.closed", { at: dayAndTime(hours.next_opening, now, region, t) });
}
