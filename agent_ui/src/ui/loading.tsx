/** Grey bars where content will stand. */

import { Skeleton } from "@mantine/core";
import { useText } from "../app/context";
import classes from "./loading.module.css";

export function Loading({ rows = 6, height = 44 }: { rows?: number; height?: number }) {
  const t = useText();
  return (
    <div className={classes.loading} role="status" aria-label={t("common.loading")}>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: bars have no identity
        <Skeleton key={row} height={height} radius="md" />
      ))}
    </div>
  );
}
