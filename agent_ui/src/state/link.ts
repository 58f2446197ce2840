/** What is true about the connection, in the few words the banner can say. */

import { CloseCode, type Link as WireLink } from "@chat/widget/wire";

export type Link =
  | { readonly is: "connecting" }
  | { readonly is: "online" }
  | { readonly is: "waiting"; readonly until: number }
  | { readonly is: "stopped"; readonly why: StopReason };

export type StopReason = "signed_out" | "replaced" | "outdated" | "refused";

/** `until` is when the next try is due, if one is. */
export function readLink(link: WireLink, until: number): Link {
  switch (link.stage) {
    case "live":
      return { is: "online" };
    case "waiting":
      return { is: "waiting", until };
    case "stopped":
      return { is: "stopped", why: stopReason(link.code) };
    case "off":
    case "preparing":
    case "opening":
    case "greeting":
      return { is: "connecting" };
  }
}

export function stopReason(code: number | null): StopReason {
  switch (code) {
    case CloseCode.SIGNED_OUT:
    case CloseCode.BAD_TICKET:
    case CloseCode.TOKEN_EXPIRED:
      return "signed_out";
    case CloseCode.REPLACED:
      return "replaced";
    case CloseCode.BAD_PROTOCOL:
      return "outdated";
    default:
      return "refused";
  }
}
