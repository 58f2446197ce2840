// A file onto the reader's disk, by an address that is fresh at that moment.

import type { Links } from "./links";

/** False: the file is not there any more, or nobody answered. */
export async function download(links: Links, id: string, name: string): Promise<boolean> {
  const link = await links.get(id).catch(() => null);
  if (!link) {
    links.drop(id);
    return false;
  }
  const anchor = document.createElement("a");
  anchor.href = link.url;
  anchor.download = name;
  anchor.rel = "noopener noreferrer";
  anchor.target = "_blank"; // should the server show it instead, it must not take the chat's place
  anchor.click();
  return true;
}
