/** What we call a visitor who may not have told a name. */

import type { Text } from "../text/text";
import type { Visitor } from "../wire";

export function visitorName(
  visitor: (Pick<Visitor, "id"> & { name?: string | null | undefined }) | null | undefined,
  t: Text,
): string {
  const name = visitor?.name?.trim();
  if (name) return name;
  const tail = visitor?.id.slice(-4).toUpperCase();
  return tail ? t("visitor.anonymous", { tail }) : t("visitor.unknown");
}
