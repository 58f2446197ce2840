/** Ctrl/⌘+K: find a chat, go anywhere, do what the screen offers, without leaving the keyboard. */

import { Modal } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useCommand } from "./commands";
import { useText } from "./context";
import { Keys } from "./keys-help";
import classes from "./palette.module.css";
import { type Entry, findEntries, useEntries } from "./palette-entries";

export function Palette() {
  const t = useText();
  const collect = useEntries();
  const [entries, setEntries] = useState<readonly Entry[] | null>(null);
  useCommand("palette", () => setEntries(entries === null ? collect() : null));
  const close = (): void => setEntries(null);
  return (
    <Modal.Root
      opened={entries !== null}
      onClose={close}
      size={620}
      yOffset="14vh"
      centered={false}
    >
      <Modal.Overlay backgroundOpacity={0.35} />
      <Modal.Content aria-label={t("command.palette")} radius="lg">
        {entries && <Search entries={entries} close={close} />}
      </Modal.Content>
    </Modal.Root>
  );
}

function Search({ entries, close }: { entries: readonly Entry[]; close(): void }) {
  const t = useText();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const found = findEntries(entries, query);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${active}"]`)?.scrollIntoView({ block: "nearest" });
  }, [active]);

  function choose(entry: Entry | undefined): void {
    if (entry === undefined) return;
    close();
    // The dialog gives the focus back first; what the command focuses must come after.
    setTimeout(entry.run, 50);
  }

  function pressed(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0)
      setActive((active + step + found.length) % found.length);
    else if (event.key === "Enter") choose(found[active]);
    else return;
    event.preventDefault();
  }

  return (
    <div className={classes.palette}>
      <div className={classes.bar}>
        <IconSearch size={18} stroke={1.6} aria-hidden />
        <input
          className={classes.input}
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={found.length > 0 ? `${id}-${active}` : undefined}
          aria-label={t("palette.placeholder")}
          placeholder={t("palette.placeholder")}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={pressed}
        />
      </div>
      {found.length === 0 && <p className={classes.none}>{t("palette.nothing")}</p>}
      <div
        ref={list}
        id={id}
        className={classes.list}
        role="listbox"
        aria-label={t("command.palette")}
      >
        {found.map((entry, index) => (
          <Option
            key={entry.id}
            id={`${id}-${index}`}
            index={index}
            entry={entry}
            isFirst={entry.group !== found[index - 1]?.group}
            isActive={index === active}
            point={() => setActive(index)}
            choose={() => choose(entry)}
          />
        ))}
      </div>
    </div>
  );
}

interface OptionProps {
  id: string;
  index: number;
  entry: Entry;
  isFirst: boolean;
  isActive: boolean;
  point(): void;
  choose(): void;
}

function Option({ id, index, entry, isFirst, isActive, point, choose }: OptionProps) {
  return (
    // biome-ignore lint/a11y/useFocusableInteractive: focus stays in the field; aria-activedescendant points here
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field handles the keys
    <div
      id={id}
      data-index={index}
      role="option"
      aria-selected={isActive}
      className={classes.option}
      onPointerMove={point}
      onClick={choose}
    >
      {isFirst && <span className={classes.group}>{entry.group}</span>}
      <span className={classes.line}>
        <span className={classes.label}>{entry.label}</span>
        <span className={classes.detail}>{entry.detail}</span>
        <span>
          <Keys keys={entry.keys} />
        </span>
      </span>
    </div>
  );
}
