// The visitor's earlier chats: a list, and one of them to read.

import { useSignal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Times } from "../../times";
import type { Fact } from "../../wire";
import { useChat } from "../context";
import type { Own, OwnChat } from "./own";
import { useAfterWords } from "./words";

interface Props {
  own: Own;
  onClose: () => void;
}

export function Past({ own, onClose }: Props) {
  const t = useAfterWords();
  const chosen = useSignal<OwnChat | null>(null);
  if (chosen.value)
    return (
      <Reading
        own={own}
        chat={chosen.value}
        onClose={onClose}
        onBack={() => {
          chosen.value = null;
        }}
      />
    );
  return (
    <Sheet title={t("past.title")} onBack={onClose}>
      <List
        own={own}
        onChoose={(chat) => {
          chosen.value = chat;
        }}
      />
    </Sheet>
  );
}

function List({ own, onChoose }: { own: Own; onChoose: (chat: OwnChat) => void }) {
  const { times, site } = useChat();
  const t = useAfterWords();
  const pages = usePages(
    (cursor: string | null) => own.list(cursor),
    (page) => page.next,
  );
  const chats = pages.held.value.flatMap((page) => page.items);
  return (
    <>
      {pages.isDone.value && chats.length === 0 && <p>{t("past.none")}</p>}
      <ul>
        {chats.map((chat) => (
          <li key={chat.conversation}>
            <button type="button" class="after-entry" onClick={() => onChoose(chat)}>
              <span>{when(chat, times)}</span>
              <small dir="auto">{chat.agents.join(", ") || site.name}</small>
            </button>
          </li>
        ))}
      </ul>
      <More pages={pages} />
    </>
  );
}

function when({ opened_at }: OwnChat, times: Times): string {
  const at = Date.parse(opened_at);
  return `${times.day(at, Date.now())} · ${times.clock(at)}`;
}

interface ReadingProps extends Props {
  chat: OwnChat;
  onBack: () => void;
}

function Reading({ own, chat, onClose, onBack }: ReadingProps) {
  const { times } = useChat();
  const t = useAfterWords();
  const pages = usePages(
    (after: number | null) => own.read(chat.conversation, after),
    (page) => page.next_seq,
  );
  const facts = pages.held.value.flatMap((page) => page.facts);
  return (
    <Sheet title={when(chat, times)} onBack={onBack}>
      <ol class="past-lines">
        {facts
          .filter((fact) => fact.kind === "message.sent")
          .map((fact) => (
            <Line key={fact.seq} fact={fact} />
          ))}
      </ol>
      <More pages={pages} />
      {chat.can_continue && (
        <button type="button" class="button button-main" onClick={onClose}>
          {t("past.continue")}
        </button>
      )}
    </Sheet>
  );
}

function Line({ fact }: { fact: Fact }) {
  const { times } = useChat();
  const t = useAfterWords();
  const own = fact.from.kind === "visitor";
  const at = Date.parse(fact.at);
  return (
    <li data-own={own || undefined}>
      <p class="past-by">
        <bdi>{own ? t("past.you") : (fact.from.name ?? t("past.team"))}</bdi>{" "}
        <time dateTime={fact.at} title={times.exact(at)}>
          {times.clock(at)}
        </time>
      </p>
      {fact.text && (
        <p class="past-text" dir="auto">
          {fact.text}
        </p>
      )}
      {fact.files?.map((file) => (
        <p key={file.id} class="past-by">
          {t("past.file", { name: file.name })}
        </p>
      ))}
    </li>
  );
}

function Sheet(props: { title: string; onBack: () => void; children: ComponentChildren }) {
  const t = useAfterWords();
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), [props.title]);
  return (
    <section class="past" aria-label={props.title}>
      <header>
        <button type="button" class="quiet-button" ref={back} onClick={props.onBack}>
          {t("past.back")}
        </button>
        <h2>{props.title}</h2>
      </header>
      {props.children}
    </section>
  );
}

interface Pages<Page> {
  held: { value: readonly Page[] };
  isDone: { value: boolean };
  hasFailed: { value: boolean };
  more(): Promise<void>;
}

function More<Page>({ pages }: { pages: Pages<Page> }) {
  const t = useAfterWords();
  if (pages.isDone.value) return null;
  if (!pages.hasFailed.value && pages.held.value.length === 0) return null;
  return (
    <p role={pages.hasFailed.value ? "alert" : undefined}>
      {pages.hasFailed.value && t("past.failed")}{" "}
      <button type="button" class="quiet-button" onClick={() => void pages.more()}>
        {t(pages.hasFailed.value ? "past.retry" : "past.more")}
      </button>
    </p>
  );
}

/** The first page at once, each further one when it is asked for. */
function usePages<Page, Place>(
  load: (place: Place | null) => Promise<Page>,
  next: (page: Page) => Place | null,
): Pages<Page> {
  const held = useSignal<readonly Page[]>([]);
  const isDone = useSignal(false);
  const hasFailed = useSignal(false);
  async function more(): Promise<void> {
    const last = held.value.at(-1);
    try {
      const page = await load(last === undefined ? null : next(last));
      held.value = [...held.value, page];
      isDone.value = next(page) === null;
      hasFailed.value = false;
    } catch {
      hasFailed.value = true;
    }
  }
  useEffect(() => void more(), []);
  return { held, isDone, hasFailed, more };
}
