/** Me: name and language, how this browser behaves, the password. */

import { useText } from "../app/context";
import { Page } from "../ui/page";
import { Browser } from "./browser";
import { Details } from "./details";
import { Password } from "./password";

export function ProfileScreen() {
  const t = useText();
  return (
    <Page title={t("profile.title")}>
      <Details />
      <Browser />
      <Password />
    </Page>
  );
}
