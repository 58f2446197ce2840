/** The files of one message: pictures to look at, cards to download, bars while they travel. */

import { boxOf, download, shownName } from "@chat/widget/files";
import type { ChatFile, Outgoing, OutgoingFile } from "@chat/widget/wire";
import { VisuallyHidden } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useState } from "react";
import { useConsole } from "../app/context";
import classes from "./file.module.css";
import { FileName, Kind, useAbout } from "./name";
import { LocalPicture, Picture, placeOf } from "./picture";

const WIDEST_PX = 300;

export function MessageFiles({ files = [] }: { files?: readonly ChatFile[] | undefined }) {
  return files.map((file) => {
    const box = boxOf(file, WIDEST_PX);
    return box ? (
      <Picture key={file.id} file={file} box={box} />
    ) : (
      <Card key={file.id} file={file} />
    );
  });
}

/** Still in this browser. */
export function TravellingFiles({ message: { files = [], state } }: { message: Outgoing }) {
  return files.map((file) => {
    const box = boxOf(file, WIDEST_PX);
    const bar = file.id === undefined && state !== "failed" && <Bar file={file} />;
    return box ? (
      <div key={file.key} className={classes.place} style={placeOf(box)}>
        <LocalPicture file={file} />
        {bar}
      </div>
    ) : (
      <div key={file.key} className={classes.card}>
        <TravellingCard file={file} />
        {bar}
      </div>
    );
  });
}

function Card({ file }: { file: ChatFile }) {
  const { session, t } = useConsole();
  const about = useAbout(file);
  const [isGone, setGone] = useState(false);
  async function load(): Promise<void> {
    setGone(!(await download(session.desk.links, file.id, file.name)));
  }
  const gone = isGone && t("file.gone");
  return (
    <>
      <button type="button" className={classes.card} onClick={() => void load()}>
        <VisuallyHidden>{t("file.download", { name: shownName(file.name), about })}</VisuallyHidden>
        <CardText name={file.name} about={gone || about} isSaid />
        <IconDownload size={18} aria-hidden />
      </button>
      <VisuallyHidden role="status">{gone}</VisuallyHidden>
    </>
  );
}

function TravellingCard({ file }: { file: OutgoingFile }) {
  return <CardText name={file.name} about={useAbout(file)} />;
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
      <span className={classes.text} aria-hidden={isSaid}>
        <FileName name={name} />
        <span className={classes.about}>{about}</span>
      </span>
    </>
  );
}

function Bar({ file }: { file: OutgoingFile }) {
  const share = file.share ?? 0;
  return (
    <div
      className={classes.bar}
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
