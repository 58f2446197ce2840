/** What will go with the reply, and what was not taken. */

import { type Attachments, boxOf, type Refused, shownName } from "@chat/widget/files";
import type { OutgoingFile } from "@chat/widget/wire";
import { ActionIcon } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { type RefObject, useRef } from "react";
import { useLive, useText } from "../app/context";
import classes from "./chips.module.css";
import { FileName, Kind } from "./name";
import { LocalPicture } from "./picture";
import { useSizes } from "./use-sizes";

interface Props {
  files: readonly OutgoingFile[];
  attachments: Attachments;
  /** Where the focus goes when the last one is gone. */
  field: RefObject<HTMLElement | null>;
}

export function Chips({ files, attachments, field }: Props) {
  const t = useText();
  const list = useRef<HTMLUListElement>(null);

  /** Focus goes on to the neighbour, or it would fall to the top of the page. */
  function remove(at: number, key: string): void {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const next = buttons[at + 1] ?? buttons[at - 1] ?? field.current;
    next?.focus();
    attachments.remove(key);
  }

  if (files.length === 0) return null;
  return (
    <ul ref={list} className={classes.chips} aria-label={t("file.attached")}>
      {files.map((file, at) => (
        <Chip key={file.key} file={file} remove={() => remove(at, file.key)} />
      ))}
    </ul>
  );
}

function Chip({ file, remove }: { file: OutgoingFile; remove(): void }) {
  const t = useText();
  const { size } = useSizes();
  const isPicture = boxOf({ ...file, width: 1, height: 1 }, 1) !== null;
  return (
    <li className={classes.chip}>
      <span className={classes.picture}>
        {isPicture ? <LocalPicture file={file} /> : <Kind name={file.name} />}
      </span>
      <span className={classes.text}>
        <FileName name={file.name} />
        <span className={classes.size}>{size(file.bytes)}</span>
      </span>
      <ActionIcon
        color="gray"
        aria-label={t("file.remove", { name: shownName(file.name) })}
        onClick={remove}
      >
        <IconX size={16} />
      </ActionIcon>
    </li>
  );
}

export function Refusals({ refused }: { refused: readonly Refused[] }) {
  const t = useText();
  const { size } = useSizes();
  const { files = 0, file_bytes = 0 } = useLive((state) => state.limits) ?? {};
  return (
    <div role="alert">
      {refused.map(({ name, why }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list comes anew as a whole
        <p key={index} className={classes.refused}>
          {t(`file.refused.${why}`, {
            name: shownName(name),
            count: files,
            size: size(file_bytes),
          })}
        </p>
      ))}
    </div>
  );
}
