/** The button that attaches, and the other two ways: to drop files anywhere, and to paste a screenshot. */

import { type Attachments, watchFiles } from "@chat/widget/files";
import { ActionIcon, Tooltip } from "@mantine/core";
import { IconPaperclip } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { useLive, useText } from "../app/context";
import classes from "./attach.module.css";
import { useSizes } from "./use-sizes";

interface Props {
  attachments: Attachments;
  /** Files were chosen: writing goes on. */
  done(): void;
}

export function Attach({ attachments, done }: Props) {
  const t = useText();
  const limits = useLive((state) => state.limits);
  const picker = useRef<HTMLInputElement>(null);
  if (!limits?.files) return null;

  function take(files: readonly File[]): void {
    attachments.add(files);
    done();
  }

  return (
    <>
      <input
        ref={picker}
        type="file"
        multiple
        hidden
        accept={(limits.file_types ?? []).join()}
        onChange={(event) => {
          take([...(event.currentTarget.files ?? [])]);
          event.currentTarget.value = "";
        }}
      />
      <Tooltip label={t("file.attach")}>
        <ActionIcon aria-label={t("file.attach")} onClick={() => picker.current?.click()}>
          <IconPaperclip size={19} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <Arrivals take={take} />
    </>
  );
}

function Arrivals({ take }: { take(files: readonly File[]): void }) {
  const t = useText();
  const { size } = useSizes();
  const limits = useLive((state) => state.limits);
  const [isOver, setOver] = useState(false);
  const latest = useRef(take);
  useEffect(() => {
    latest.current = take;
  });
  useEffect(
    () => watchFiles(window, { over: setOver, came: (files) => latest.current(files) }),
    [],
  );
  if (!isOver) return null;
  return (
    <div className={classes.zone}>
      <p className={classes.drop}>{t("file.drop")}</p>
      <p>
        {t("file.drop.hint", { count: limits?.files ?? 0, size: size(limits?.file_bytes ?? 0) })}
      </p>
    </div>
  );
}
