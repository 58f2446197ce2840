// Above the text field: the files that will go with it, what was not taken and why, and where to drop more.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { boxOf, type Refused, shownName, watchFiles } from "../../files";
import type { OutgoingFile } from "../../wire";
import { CloseIcon } from "../icons";
import { FileName, Kind } from "./name";
import { LocalPicture } from "./picture";
import type { Tools } from "./tools";
import { Voice } from "./voice";

export function AttachmentsView({ tools }: { tools: Tools }) {
  const { attachments, attached } = tools;
  const isOver = useSignal(false);
  const { files, refused } = attached.value;
  useEffect(
    () =>
      watchFiles(window, {
        over: (on) => {
          isOver.value = on && tools.limits().files > 0;
        },
        came: (list) => {
          if (tools.limits().files > 0) attachments.add(list);
        },
      }),
    [tools],
  );
  return (
    <>
      {files.length > 0 && <Chips files={files} tools={tools} />}
      <div role="alert">
        {refused.map((one, index) => (
          <p key={index} class="refused">
            {refusalText(one, tools)}
          </p>
        ))}
      </div>
      {isOver.value && <DropZone tools={tools} />}
      <Voice tools={tools} />
    </>
  );
}

function Chips({ files, tools }: { files: readonly OutgoingFile[]; tools: Tools }) {
  const list = useRef<HTMLUListElement>(null);

  /** Focus goes on to the neighbour, or it would fall to the top of the page. */
  function remove(at: number): void {
    const buttons = [...(list.current?.querySelectorAll("button") ?? [])];
    const next = buttons[at + 1] ?? buttons[at - 1];
    const field = document.querySelector<HTMLElement>(".composer-text");
    (next ?? field)?.focus();
    const file = files[at];
    if (file) tools.attachments.remove(file.key);
  }

  return (
    <ul class="chips" ref={list} aria-label={tools.t("attached")}>
      {files.map((file, at) => (
        <Chip key={file.key} file={file} tools={tools} onRemove={() => remove(at)} />
      ))}
    </ul>
  );
}

interface ChipProps {
  file: OutgoingFile;
  tools: Tools;
  onRemove(): void;
}

function Chip({ file, tools, onRemove }: ChipProps) {
  const isPicture = boxOf({ ...file, width: 1, height: 1 }, 1) !== null;
  return (
    <li class="chip">
      <span class="chip-picture">
        {isPicture ? <LocalPicture file={file} tools={tools} /> : <Kind name={file.name} />}
      </span>
      <span class="chip-text">
        <FileName name={file.name} />
        <span class="file-about">{tools.size(file.bytes)}</span>
      </span>
      <button
        type="button"
        class="icon-button"
        aria-label={tools.t("remove", { name: shownName(file.name) })}
        onClick={onRemove}
      >
        <CloseIcon />
      </button>
    </li>
  );
}

function DropZone({ tools }: { tools: Tools }) {
  const { files, file_bytes } = tools.limits();
  return (
    <div class="drop-zone">
      <p class="drop-text">{tools.t("drop")}</p>
      <p>{tools.t("drop.hint", { count: files, size: tools.size(file_bytes) })}</p>
    </div>
  );
}

function refusalText({ name, why }: Refused, tools: Tools): string {
  const { files, file_bytes } = tools.limits();
  return tools.t(`refused.${why}`, {
    name: shownName(name),
    count: files,
    size: tools.size(file_bytes),
  });
}
