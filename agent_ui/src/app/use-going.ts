/** Offers the commands that go to a screen. */

import { useLocation } from "wouter";
import { useCommand } from "./commands";
import { useMay } from "./context";
import { paths } from "./paths";

export function useGoing(): void {
  const [, go] = useLocation();
  const mayManageSites = useMay("site.manage");
  const mayManagePeople = useMay("people.manage");
  const mayManageMail = useMay("mail.manage");
  useCommand("inbox", () => go(paths.inbox));
  useCommand("transcripts", () => go(paths.transcripts));
  useCommand("canned", () => go(paths.canned));
  useCommand("sites", mayManageSites ? () => go(paths.sites) : null);
  useCommand("people", mayManagePeople ? () => go(paths.people) : null);
  useCommand("mail", mayManageMail ? () => go(paths.mail) : null);
  useCommand("profile", () => go(paths.profile));
}
