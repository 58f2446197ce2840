/** A button of the thread's header: words on a desk, a sign on a phone. */

import { Button, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./deed.module.css";

interface Props {
  label: string;
  hint: string;
  icon: ReactNode;
  isMain?: boolean;
  run(): void;
}

export function Deed({ label, hint, icon, isMain = false, run }: Props) {
  return (
    <Tooltip label={hint}>
      <Button
        size="xs"
        variant={isMain ? "filled" : "default"}
        aria-label={label}
        className={classes.deed ?? ""}
        onClick={run}
      >
        <span className={classes.icon} data-main={isMain || undefined} aria-hidden>
          {icon}
        </span>
        <span className={classes.label} data-main={isMain || undefined}>
          {label}
        </span>
      </Button>
    </Tooltip>
  );
}
