/** A short word at the bottom of the screen: done, or what went wrong. */

import { notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { useText } from "../app/context";
import type { Problem } from "../wire";
import { errorText, problemText } from "./trouble";

export interface Notice {
  done(message: string): void;
  /** Says nothing when there is no problem. */
  problem(problem: Problem | null): void;
  problemText(message: string): void;
  error(error: unknown): void;
}

export function useNotice(): Notice {
  const t = useText();
  return useMemo(() => {
    const closeButtonProps = { "aria-label": t("common.dismiss") };
    const bad = (message: string) =>
      void notifications.show({ message, color: "red", closeButtonProps });
    return {
      done: (message) => void notifications.show({ message, closeButtonProps }),
      problem: (problem) => problem && bad(problemText(problem, t)),
      problemText: bad,
      error: (error) => bad(errorText(error, t)),
    };
  }, [t]);
}
