/** The websites that carry the chat: the list, or one of them. */

import { SiteList } from "./list";
import { SitePage } from "./page";

export function SitesScreen({ site }: { site: string | undefined }) {
  return site === undefined ? <SiteList /> : <SitePage key={site} id={site} />;
}
