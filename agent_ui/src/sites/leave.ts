/** Asks before unsaved changes are left: by a link, by the back button, by closing the tab. */

import { useEffect } from "react";
import { useText } from "../app/context";

export function useAskBeforeLeaving(isDirty: boolean): void {
  const t = useText();
  useEffect(() => {
    if (!isDirty) return;
    const over = new AbortController();
    const stays = () => !window.confirm(t("widget.leave"));
    addEventListener("beforeunload", (event) => event.preventDefault(), over);
    const navigation = (window as { navigation?: EventTarget }).navigation;
    if (navigation)
      navigation.addEventListener(
        "navigate",
        (event) => {
          const { hashChange, downloadRequest } = event as Event & {
            hashChange: boolean;
            downloadRequest: string | null;
          };
          if (hashChange || downloadRequest !== null || !event.cancelable) return;
          if (stays()) event.preventDefault();
        },
        over,
      );
    else
      document.addEventListener(
        "click",
        (event) => {
          const link = (event.target as Element).closest("a[href]:not([target])");
          if (!link || !stays()) return;
          event.preventDefault();
          event.stopPropagation();
        },
        { capture: true, signal: over.signal },
      );
    return () => over.abort();
  }, [isDirty, t]);
}
