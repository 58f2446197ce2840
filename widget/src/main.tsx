// The frame page's entry: reads its boot data, meets the loader if there is one, and shows the panel.

import "./style/index.css";
import { computed, effect, signal } from "@preact/signals";
import { render } from "preact";
import { agreed, type Meeting } from "./agreement";
import { type Boot, fetchTicket, readBoot, signOut } from "./boot";
import { acceptPort, type Host, type Said } from "./bridge";
import type { Card } from "./card";
import { type Credentials, createCredentials } from "./credentials";
import { type Draft, openDraft } from "./draft";
import { dress } from "./dress";
import { embed, FLAG } from "./embed";
import { forgetVault } from "./files/forget";
import { type Asking, type Forms, whenAsked } from "./forms";
import { newId } from "./ids";
import { openJar, withJar } from "./jar";
import { type Files, openFiles } from "./kit";
import { insist, late } from "./late";
import { takeMark } from "./mark";
import { openMuting } from "./muting";
import { createSession, type Session } from "./session";
import { facesOn, type Stage, stageAround } from "./stage/around";
import { type Language, loadWords } from "./text";
import { directionOf } from "./text/text";
import { isEnd } from "./thread";
import { createTimes } from "./times";
import { type Chat, ChatProvider } from "./view/context";
import type { FormsOptions } from "./view/forms/kit";
import { Panel } from "./view/panel";
import {
  loadedLate,
  memoryShelf,
  openShelf,
  openTabs,
  type Shelf,
  systemClock,
  transports,
} from "./wire";

// Without a loader above us (somebody framed the page bare) there is nobody to wait for.
const LOADER_MS = 5_000;

main();

function main(): void {
  const stage = stageAround();
  const boot = stage?.told.boot ?? readBoot(document);
  dress(document.documentElement, boot.site);
  const words = loadWords([boot.locale], navigator.languages, boot.texts);
  if (window.parent === window) {
    void show(boot, words, null, stage);
    return;
  }
  let isShown = false;
  const once = (met: Meeting | null) => {
    if (isShown) return;
    isShown = true;
    void show(boot, words, met, stage);
  };
  const origins = [...boot.origins, location.origin];
  acceptPort(window, origins, (host, init) => once({ host, init }));
  systemClock.later(LOADER_MS, () => once(null));
}

async function show(
  boot: Boot,
  words: Promise<Language>,
  meeting: Meeting | null,
  stage: Stage | null,
): Promise<void> {
  const scope = `chat.${boot.site.key}.`;
  const shelf = stage ? memoryShelf() : openOwnShelf(scope);
  // Before anything is waited for: the page is told in this turn that it is done.
  if (meeting?.init.forgets) forget(scope, shelf, meeting.init.kept);
  const language = await words;
  const { locale, region, t } = language;
  speak(locale);
  document.title = t("title", { site: boot.site.name });
  const place = document.getElementById("app") ?? document.body;
  const met = await agreed({ ...boot, meeting, shelf, locale, place });
  const handle = met?.init.forgets ? null : (met?.init.kept ?? null);
  const kept = (await broughtBack(boot, shelf, met)) ?? handle;
  const credentials = openCredentials(boot, shelf, kept);
  const files = openFiles(async () => {
    const { createKit } = await import("./view/files/kit");
    const url = boot.socket.replace("ws", "http").replace("/ws/", "/uploads/");
    return createKit({ scope, url, token: credentials.latest, session, shelf, language });
  });
  const session = openSession(boot, shelf, credentials, met, files, stage);
  const draft = openDraft(shelf);
  const attention = signal(met?.init.focused === false ? 0 : 1);
  if (met) {
    const siteName = boot.site.name;
    const onAttention = () => {
      attention.value += 1;
    };
    // On a stage the words may be others since the card came.
    const onSaid = (said: Said) =>
      hear(said.t === "greeting" ? { ...said, ...stage?.told.greeting } : said, session, draft);
    const { token } = credentials;
    embed({ host: met.host, session, shelf, files, token, siteName, t, onAttention, onSaid });
    met.init.said?.forEach(onSaid);
  }
  watchWindow(session);
  session.shown(met?.init.shown ?? true);
  session.start();
  const close = met && !met.init.inline ? () => met.host.post({ t: "close" }) : null;
  const times = createTimes(region, t);
  const muted = openMuting(shelf);
  const card = close && met ? cardOf(met.host) : null;
  const photos = signal(stage ? facesOn(boot) : {});
  const site = boot.site.key;
  const talk = late(async () =>
    (await import("./view/talk/kit")).createTalk({ session, shelf, muted, card, photos, site }),
  );
  const emoji = late(async () => (await import("./view/emoji/kit")).createEmoji(shelf));
  const after = late(async () =>
    (await import("./view/after")).loadAfter({
      language,
      token: credentials.latest,
      mails: boot.mails,
    }),
  );
  const asking = { ...boot.site, asks: boot.asks && !hasChat(met, credentials) };
  const forms = openForms({ session, shelf, language }, asking);
  const isAfter = computed(() => session.store.state.value.thread.some(isEnd));
  effect(() => {
    if (isAfter.value) insist(after, systemClock);
  });
  const { looks, rating } = boot;
  const mayResume = credentials.token.value !== null;
  const quoting = signal(null);
  const parts = { files, talk, emoji, forms, after, muted };
  const written = { shelf, draft, quoting };
  const dressed = { site: asking, looks, photos, rating, mayResume };
  const chat: Chat = { session, ...dressed, t, times, ...written, ...parts, attention, close };
  draw(chat, place);
  insist(talk, systemClock);
  stage?.watch(async ({ boot: now }) => {
    dress(document.documentElement, now.site);
    photos.value = facesOn(now);
    const words = await loadWords([now.locale], navigator.languages, now.texts);
    speak(words.locale);
    draw({ ...chat, ...now, t: words.t }, place);
  });
}

function speak(locale: string): void {
  document.documentElement.lang = locale;
  document.documentElement.dir = directionOf(locale);
}

/** Private windows refuse storage to the frames of other sites; Safari clears theirs when it quits. */
function openOwnShelf(scope: string): Shelf {
  const shelf = openShelf(scope, () => localStorage);
  const isSafe = shelf.durable && !navigator.vendor.startsWith("Apple");
  if (isSafe || window.parent === window) return shelf;
  return withJar(shelf, openJar(`${scope}token`, document));
}

/** A shared computer, say: nothing of the visitor before stays here. */
function forget(scope: string, shelf: Shelf, kept: string | null): void {
  signOut(shelf.get("token") ?? (kept === FLAG ? null : kept));
  for (const name of shelf.names()) shelf.remove(name);
  forgetVault(scope, () => indexedDB);
}

/** As far as it is known here, before the server says. */
function hasChat(met: Meeting | null, { token }: Credentials): boolean {
  return met ? met.init.kept !== null && !met.init.forgets : token.value !== null;
}

function openForms(options: FormsOptions, site: Asking): Forms {
  const forms = late(async () => (await import("./view/forms/kit")).createForms(options));
  whenAsked(options.session.store.state, site, () => insist(forms, systemClock));
  return forms;
}

function hear(said: Said, session: Session, draft: Draft): void {
  switch (said.t) {
    case "start":
      draft.propose(said.text ?? "");
      break;
    case "greeting":
      session.greeting.value = said;
      break;
    case "attributes":
      session.describe(said.values);
      break;
    case "identify":
      if (said.traits) session.describe(said.traits);
      if (said.token) session.identify(said.token);
  }
}

function draw(chat: Chat, place: Element): void {
  render(
    <ChatProvider value={chat}>
      <Panel />
    </ChatProvider>,
    place,
  );
}

/** Somebody opened a link of a mail: from now on this browser is the visitor's whom it was sent to. */
async function broughtBack(boot: Boot, shelf: Shelf, met: Meeting | null): Promise<string | null> {
  const link = met ? met.init.resume : takeMark();
  return link ? (await import("./redeem")).redeem(boot.site.key, link, shelf) : null;
}

function cardOf(host: Host): Card {
  return {
    show: (height) => host.post({ t: "peek", height }),
    open: () => host.post({ t: "open" }),
  };
}

function openCredentials(boot: Boot, shelf: Shelf, kept: string | null): Credentials {
  return createCredentials({
    boot,
    fetchTicket: () => fetchTicket(boot.site.key),
    shelf,
    clock: systemClock,
    handle: kept === FLAG ? null : kept,
  });
}

function openSession(
  boot: Boot,
  shelf: Shelf,
  credentials: Credentials,
  met: Meeting | null,
  files: Files,
  stage: Stage | null,
): Session {
  const page = met?.init.page ?? null;
  const host = met?.host;
  const site = boot.site.key;
  return createSession({
    site,
    locale: navigator.language,
    textChars: boot.limits.text_chars,
    page,
    credentials,
    shelf,
    tabs: openTabs(`chat.${site}.`, newId(), navigator.locks),
    dial: stage
      ? loadedLate(async () => (await import("./stage/act")).act(stage))
      : transports(() => boot.socket),
    upload: files.upload,
    clock: systemClock,
    random: Math.random,
    newId,
    hidden: () => document.hidden,
    onKnown: (verified, code) =>
      host?.post({ t: "event", name: "identity", detail: { verified, code } }),
  });
}

function watchWindow(session: Session): void {
  addEventListener("online", session.nudge);
  addEventListener("offline", session.nudge); // asks now instead of noticing the silence later
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) return;
    session.nudge();
    session.looked();
  });
}
