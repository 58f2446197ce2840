/** The frame around every screen: navigation, the truth about the connection, the screen itself. */

import { lazy, Suspense } from "react";
import { Redirect, Route, Switch } from "wouter";
import { InboxScreen } from "../inbox/screen";
import { Loading } from "../ui/loading";
import { Banner } from "./banner";
import { useMay, useText } from "./context";
import { KeysHelp } from "./keys-help";
import { Nav } from "./nav";
import { Palette } from "./palette";
import { paths } from "./paths";
import classes from "./shell.module.css";
import { useAlerts } from "./use-alerts";
import { useColleagues } from "./use-colleagues";
import { useGoing } from "./use-going";
import { useKeys } from "./use-keys";

const Transcripts = lazy(async () => ({
  default: (await import("../transcripts/screen")).TranscriptsScreen,
}));
const Canned = lazy(async () => ({ default: (await import("../canned/screen")).CannedScreen }));
const Sites = lazy(async () => ({ default: (await import("../sites/screen")).SitesScreen }));
const People = lazy(async () => ({ default: (await import("../people/screen")).PeopleScreen }));
const Hours = lazy(async () => ({ default: (await import("../hours/screen")).HoursScreen }));
const Customise = lazy(async () => ({
  default: (await import("../sites/customise")).CustomiseScreen,
}));
const Mail = lazy(async () => ({ default: (await import("../mail/screen")).MailScreen }));
const Profile = lazy(async () => ({ default: (await import("../profile/screen")).ProfileScreen }));

export function Shell() {
  const t = useText();
  useKeys();
  useGoing();
  useAlerts();
  useColleagues();
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#main">
        {t("nav.skip")}
      </a>
      <Nav />
      <div className={classes.stage}>
        <Banner />
        <main id="main" className={classes.main} tabIndex={-1}>
          <Suspense fallback={<Loading />}>
            <Screens />
          </Suspense>
        </main>
      </div>
      <Palette />
      <KeysHelp />
    </div>
  );
}

function Screens() {
  const mayManageSites = useMay("site.manage");
  const mayManagePeople = useMay("people.manage");
  const mayManageMail = useMay("mail.manage");
  return (
    <Switch>
      <Route path="/inbox/:conversation?/:pane?">
        {({ conversation, pane }) => (
          <InboxScreen conversation={conversation} showsVisitor={pane === "visitor"} />
        )}
      </Route>
      <Route path="/transcripts/:conversation?">
        {({ conversation }) => <Transcripts conversation={conversation} />}
      </Route>
      <Route path="/canned">
        <Canned />
      </Route>
      {mayManageSites && (
        <Route path="/sites/:site/hours">{({ site }) => <Hours key={site} site={site} />}</Route>
      )}
      {mayManageSites && (
        <Route path="/sites/:site/widget">
          {({ site }) => <Customise key={site} site={site} />}
        </Route>
      )}
      {mayManageSites && <Route path="/sites/:site?">{({ site }) => <Sites site={site} />}</Route>}
      {mayManagePeople && (
        <Route path="/people">
          <People />
        </Route>
      )}
      {mayManageMail && (
        <Route path="/mail">
          <Mail />
        </Route>
      )}
      <Route path="/profile">
        <Profile />
      </Route>
      <Route>
        <Redirect to={paths.inbox} replace />
      </Route>
    </Switch>
  );
}
