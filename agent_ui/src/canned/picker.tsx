/** The list above the text field. The cursor stays in the field; this only shows and takes clicks. */

import { useEffect, useRef } from "react";
import { useText } from "../app/context";
import classes from "./picker.module.css";
import type { PickerState } from "./use-picker";

export function Picker({ picker }: { picker: PickerState }) {
  const t = useText();
  const { found, active, listId, query } = picker;
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active]);
  return (
    <div className={classes.picker}>
      <p className={classes.title}>{t("canned.pick")}</p>
      {found.length === 0 && !picker.isLoading && (
        <p className={classes.none}>
          {t(query === "" ? "canned.none" : "canned.noMatch", { query })}
        </p>
      )}
      <div
        ref={list}
        id={listId}
        className={classes.list}
        role="listbox"
        aria-label={t("canned.title")}
      >
        {found.map((reply, index) => (
          // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field; aria-activedescendant points here
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
          <div
            key={reply.id}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            className={classes.option}
            onPointerMove={() => picker.point(index)}
            onPointerDown={(event) => event.preventDefault()}
            onClick={() => picker.choose(index)}
          >
            <span className={classes.top}>
              <span className={classes.shortcut}>/{reply.shortcut}</span>
              <span className={classes.name}>{reply.title}</span>
            </span>
            <span className={classes.text} dir="auto">
              {picker.preview(reply)}
            </span>
          </div>
        ))}
      </div>
    </div>
  );
}
