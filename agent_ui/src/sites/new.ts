/** The address of a site that does not exist yet, and what it starts with. */

import type { SiteDraft } from "../api/types";

export const NEW = "new";

export const newSite: SiteDraft = {
  name: "",
  color: "#0f6a52",
  position: "right",
  greeting: "",
  locale: "auto",
  origins: [],
  enabled: true,
  drafts: false,
};
