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
  const isTravelling = row.status === "sending" || row.status === "waiting";
  return (
    <div class="files">
      {row.files.map((file, at) => (
        <OneFile key={at} file={file} isTravelling={isTravelling} tools={tools} />
      ))}
      {id !== null && isTravelling && (
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
        <CardText name={file.name} about={aboutOf(file, tools)} />
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
  const gone = isGone.value && tools.t("gone");
  return (
    <>
      <button type="button" class="file-card" onClick={() => void load()}>
        <span class="unseen">{tools.t("download", { name: shownName(file.name), about })}</span>
        <CardText name={file.name} about={gone || about} isSaid />
        <DownloadIcon />
      </button>
      <span class="unseen" role="status">
        {gone}
      </span>
    </>
  );
}

interface CardTextProps {
  name: string;
  about: string;
  /** Words for the ear stand beside it. */
  isSaid?: boolean;
}

function CardText({ name, about, isSaid = false }: CardTextProps) {
  return (
    <>
      <Kind name={name} />
      <span class="chip-text" aria-hidden={isSaid}>
        <FileName name={name} />
        <span class="file-about">{about}</span>
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
