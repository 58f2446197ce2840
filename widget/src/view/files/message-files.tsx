// The files of one message: pictures to look at, cards to download, bars while they travel.

import { useSignal } from "@preact/signals";
import { download, kindOf, shownName } from "../../files";
import type { MessageRow, RowFile } from "../../rows";
import type { ChatFile, OutgoingFile } from "../../wire";
import { pictureBox, placeOf } from "../file-place";
import { CloseIcon, DownloadIcon } from "../icons";
import { FileName, Kind } from "./name";
import { LocalPicture, Picture } from "./picture";
import type { Tools } from "./tools";

export function MessageFiles({ row, tools }: { row: MessageRow; tools: Tools }) {
  const { session, t } = tools;
  const id = row.clientId;
  return (
    <div class="files">
      {row.files.map((file, at) => (
        <OneFile key={at} file={file} isTravelling={row.status === "sending"} tools={tools} />
      ))}
      {id !== null && row.status === "sending" && (
        <button
          type="button"
          class="icon-button files-cancel"
          aria-label={t("cancel")}
          title={t("cancel")}
          onClick={() => session.remove(id)}
        >
          <CloseIcon />
        </button>
      )}
    </div>
  );
}

interface OneProps {
  file: RowFile;
  isTravelling: boolean;
  tools: Tools;
}

function OneFile({ file, isTravelling, tools }: OneProps) {
  const box = pictureBox(file);
  if (isOutgoing(file)) {
    const bar = isTravelling && <Bar file={file} />;
    return box ? (
      <div class="picture-place" style={placeOf(box)}>
        <LocalPicture file={file} tools={tools} />
        {bar}
      </div>
    ) : (
      <div class="file-card">
        <CardText file={file} tools={tools} />
        {bar}
      </div>
    );
  }
  return box ? <Picture file={file} box={box} tools={tools} /> : <Card file={file} tools={tools} />;
}

function isOutgoing(file: RowFile): file is OutgoingFile {
  return "key" in file;
}

function Card({ file, tools }: { file: ChatFile; tools: Tools }) {
  const isGone = useSignal(false);
  const about = aboutOf(file, tools);
  const load = async () => {
    isGone.value = !(await download(tools.links, file.id, file.name));
  };
  return (
    <button
      type="button"
      class="file-card"
      aria-label={tools.t("download", { name: shownName(file.name), about })}
      onClick={() => void load()}
    >
      <CardText file={file} tools={tools} about={isGone.value ? tools.t("gone") : about} />
      <DownloadIcon />
    </button>
  );
}

function CardText({ file, tools, about }: { file: RowFile; tools: Tools; about?: string }) {
  return (
    <>
      <Kind name={file.name} />
      <span class="chip-text">
        <FileName name={file.name} />
        <span class="file-about" role={about ? "status" : undefined}>
          {about ?? aboutOf(file, tools)}
        </span>
      </span>
    </>
  );
}

function aboutOf({ name, bytes }: RowFile, { size }: Tools): string {
  return [kindOf(name), size(bytes)].filter(Boolean).join(" · ");
}

function Bar({ file }: { file: OutgoingFile }) {
  const share = file.id === undefined ? (file.share ?? 0) : 1;
  return (
    <div
      class="bar"
      role="progressbar"
      aria-label={shownName(file.name)}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(share * 100)}
    >
      <i style={{ inlineSize: `${share * 100}%` }} />
    </div>
  );
}
