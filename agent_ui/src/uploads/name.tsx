/** A file's name and kind, as text: long ones lose their middle, never their ending. */

import { kindOf, nameParts } from "@chat/widget/files";
import classes from "./file.module.css";
import { useSizes } from "./use-sizes";

export function FileName({ name }: { name: string }) {
  const { stem, ending } = nameParts(name);
  return (
    <bdi className={classes.name} title={stem + ending}>
      <span className={classes.stem}>{stem}</span>
      <span>{ending}</span>
    </bdi>
  );
}

export function Kind({ name }: { name: string }) {
  return (
    <span className={classes.kind} aria-hidden>
      {kindOf(name).slice(0, 4)}
    </span>
  );
}

/** `PDF · 1.2 MB` */
export function useAbout(file: { name: string; bytes: number }): string {
  const { size } = useSizes();
  return [kindOf(file.name), size(file.bytes)].filter(Boolean).join(" · ");
}
