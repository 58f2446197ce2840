/** Me: name and language, a photo, how this browser behaves, the password. */

import { useText } from "../app/context";
import { Page } from "../ui/page";
import { Browser } from "./browser";
import { Details } from "./details";
import { Password } from "./password";
import { Photo } from "./photo";

export function ProfileScreen() {
  const t = useText();
  return (
    <Page title={t("profile.title")}>
      <Details />
      <Photo />
      <Browser />
      <Password />
    </Page>
  );
}
