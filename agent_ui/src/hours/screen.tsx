/** The opening hours of one site. */

import { Anchor } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "wouter";
import { useText } from "../app/context";
import { paths } from "../app/paths";
import { Loading } from "../ui/loading";
import { Page } from "../ui/page";
import { Trouble } from "../ui/trouble";
import { HoursForm } from "./form";
import classes from "./hours.module.css";
import { useHours } from "./queries";

export function HoursScreen({ site }: { site: string }) {
  const t = useText();
  const { data, error, refetch } = useHours(site);
  const [round, setRound] = useState(0);
  /** Throws the draft away and starts from what is stored. */
  async function restart(): Promise<void> {
    await refetch();
    setRound(round + 1);
  }
  const back = (
    <Anchor component={Link} href={paths.site(site)} className={classes.back ?? ""}>
      <IconArrowLeft size={16} aria-hidden />
      {t("hours.back")}
    </Anchor>
  );
  return (
    <Page title={t("hours.title")} about={t("hours.about")} back={back}>
      {!data &&
        (error ? <Trouble error={error} retry={() => void refetch()} /> : <Loading rows={8} />)}
      {data && <HoursForm key={round} site={site} hours={data} restart={() => void restart()} />}
    </Page>
  );
}
