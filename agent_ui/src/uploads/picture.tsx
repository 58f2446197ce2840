/** A picture in a message. Its place is there before it is, so that nothing moves when it comes. */

import { type Box, download, openLightbox, shownName } from "@chat/widget/files";
import "@chat/widget/files/lightbox.css";
import type { ChatFile, OutgoingFile } from "@chat/widget/wire";
import { type CSSProperties, type RefObject, useEffect, useRef, useState } from "react";
import { useConsole } from "../app/context";
import classes from "./file.module.css";

/** Drawn from bytes that are still in this browser. */
export function LocalPicture({ file: { key, id } }: { file: OutgoingFile }) {
  const { pictures } = useConsole().session.desk;
  const [source, setSource] = useState<string | null>(null);
  useEffect(() => {
    let isHere = true;
    void pictures.get(key).then((address) => isHere && setSource(address));
    return () => {
      isHere = false;
    };
  }, [pictures, key]);
  useEffect(() => {
    if (source !== null && id !== undefined) pictures.name(key, id);
  }, [pictures, source, key, id]);
  return source === null ? null : <img className={classes.image} src={source} alt="" />;
}

export function placeOf({ width, height }: Box): CSSProperties {
  return { inlineSize: width, aspectRatio: `${width} / ${height}` };
}

type Preview =
  | { readonly is: "away" | "gone" | "failed" }
  | { readonly is: "here"; readonly address: string };

export function Picture({ file, box }: { file: ChatFile; box: Box }) {
  const { session, t } = useConsole();
  const { links } = session.desk;
  const place = useRef<HTMLDivElement>(null);
  const { preview, near, load, broke } = usePreview(file.id);
  useNear(place, near);

  function show(address: string): void {
    openLightbox({
      name: shownName(file.name),
      preview: address,
      full: links.get(file.id).catch(() => null),
      words: { close: t("file.picture.close"), download: t("file.picture.download") },
      download: () => void download(links, file.id, file.name),
    });
  }

  return (
    <div className={classes.place} ref={place} style={placeOf(box)}>
      {preview.is === "here" && (
        <button
          type="button"
          className={classes.open}
          aria-label={t("file.show", { name: shownName(file.name) })}
          onClick={() => show(preview.address)}
        >
          <img
            className={classes.image}
            src={preview.address}
            alt=""
            width={box.width}
            height={box.height}
            loading="lazy"
            decoding="async"
            onError={broke}
          />
        </button>
      )}
      {preview.is === "gone" && <p className={classes.gone}>{t("file.gone")}</p>}
      {preview.is === "failed" && (
        <button type="button" className={classes.again} onClick={load}>
          {t("common.retry")}
        </button>
      )}
    </div>
  );
}

function usePreview(id: string) {
  const { links, pictures } = useConsole().session.desk;
  const [preview, setPreview] = useState<Preview>(() => {
    const own = pictures.byId(id);
    return own === null ? { is: "away" } : { is: "here", address: own };
  });
  const hasBroken = useRef(false);

  function load(): void {
    links.get(id).then(
      (link) =>
        setPreview(link ? { is: "here", address: link.preview ?? link.url } : { is: "gone" }),
      () => setPreview({ is: "failed" }),
    );
  }

  /** Its address had ended, most likely; a second time it is something else. */
  function broke(): void {
    links.drop(id);
    if (hasBroken.current) setPreview({ is: "failed" });
    else load();
    hasBroken.current = !hasBroken.current;
  }

  function near(): void {
    if (preview.is === "away") load();
  }

  return { preview, near, load, broke };
}

/** Runs once, when it is about to be seen. */
function useNear(place: RefObject<HTMLElement | null>, near: () => void): void {
  const latest = useRef(near);
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        latest.current();
      },
      { rootMargin: "400px" },
    );
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, [place]);
}
