// A picture in a message. Its place is there before it is, so that nothing moves when it comes.

import { useSignal } from "@preact/signals";
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { type Box, download, openLightbox, shownName } from "../../files";
import type { ChatFile, OutgoingFile } from "../../wire";
import { placeOf } from "../file-place";
import type { Tools } from "./tools";

/** Drawn from bytes that are still in this browser. */
export function LocalPicture({ file, tools }: { file: OutgoingFile; tools: Tools }) {
  const source = useSignal<string | null>(null);
  useEffect(() => {
    void tools.pictures.get(file.key).then((address) => {
      source.value = address;
    });
  }, [file.key]);
  useEffect(() => {
    if (source.value && file.id) tools.pictures.name(file.key, file.id);
  }, [source.value, file.id]);
  return source.value ? <img class="picture" src={source.value} alt="" /> : null;
}

interface Props {
  file: ChatFile;
  box: Box;
  tools: Tools;
}

type Preview = { is: "away" } | { is: "here"; address: string } | { is: "gone" } | { is: "failed" };

export function Picture({ file, box, tools }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const { preview, near, load, broke } = usePreview(file.id, tools);
  useNear(place, near);
  const name = shownName(file.name);
  return (
    <div class="picture-place" ref={place} style={placeOf(box)}>
      {preview.is === "here" && (
        <button
          type="button"
          class="picture-button"
          aria-label={tools.t("show", { name })}
          onClick={() => show(file, preview.address, tools)}
        >
          <img
            class="picture"
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
      {preview.is === "gone" && <p class="picture-gone">{tools.t("gone")}</p>}
      {preview.is === "failed" && (
        <button type="button" class="quiet-button" onClick={load}>
          {tools.t("again")}
        </button>
      )}
    </div>
  );
}

function usePreview(id: string, { links, pictures }: Tools) {
  const own = pictures.byId(id);
  const preview = useSignal<Preview>(own ? { is: "here", address: own } : { is: "away" });
  const hasBroken = useRef(false);

  async function load(): Promise<void> {
    try {
      const link = await links.get(id);
      preview.value = link ? { is: "here", address: link.preview ?? link.url } : { is: "gone" };
    } catch {
      preview.value = { is: "failed" };
    }
  }

  /** Its address had ended, most likely; a second time it is something else. */
  function broke(): void {
    links.drop(id);
    if (hasBroken.current) {
      hasBroken.current = false;
      preview.value = { is: "failed" };
      return;
    }
    hasBroken.current = true;
    void load();
  }

  const near = () => preview.value.is === "away" && void load();
  return { preview: preview.value, near, load: () => void load(), broke };
}

/** Runs once, when it is about to be seen. */
function useNear(place: RefObject<HTMLElement | null>, near: () => void): void {
  useEffect(() => {
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        near();
      },
      { rootMargin: "300px" },
    );
    if (place.current) observer.observe(place.current);
    return () => observer.disconnect();
  }, []);
}

function show(file: ChatFile, preview: string, { links, t }: Tools): void {
  openLightbox({
    name: shownName(file.name),
    preview,
    full: links.get(file.id).catch(() => null),
    words: { close: t("picture.close"), download: t("picture.download") },
    download: () => void download(links, file.id, file.name),
  });
}
