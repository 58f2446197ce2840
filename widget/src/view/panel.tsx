// The whole panel: who is there, what was said, what to say next.

import { useComputed, useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import { formOf } from "../forms";
import { Composer } from "./composer";
import { useChat } from "./context";
import { Greeting } from "./greeting";
import { Header } from "./header";
import { isTouch } from "./touch";

export function Panel() {
  const { session, talk, after, forms, quoting, mayResume, attention, close, site, t } = useChat();
  const panel = useRef<HTMLElement>(null);
  const asksToEnd = useSignal(false);
  const isMenuOpen = useSignal(false);
  const isHome = useComputed(() => {
    const { conversation, since, outbox, past } = session.store.state.value;
    const isKnown = since !== null || !mayResume;
    return isKnown && conversation === null && outbox.length + past.length === 0;
  });
  const isOver = useComputed(() => session.store.state.value.phase === "closed");
  const said = talk.part.value;
  const views = after.part.value;
  const asking = useComputed(() => formOf(session.store.state.value, site));
  const asked = forms.part.value;
  const EndQuestion = asksToEnd.value && !isOver.value && said?.EndQuestion;

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      if (isMenuOpen.value) isMenuOpen.value = false;
      else if (asksToEnd.value) asksToEnd.value = false;
      else if (quoting.value) quoting.value = null;
      else close?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [close, asksToEnd, isMenuOpen, quoting]);

  useEffect(() => {
    if (attention.value > 0 && isTouch()) panel.current?.focus();
  }, [attention.value]);

  return (
    <>
      {said && <said.Peek />}
      <main
        hidden={said?.isPeeking.value}
        class={isHome.value ? "panel home" : "panel"}
        ref={panel}
        tabIndex={-1}
        aria-label={t("title", { site: site.name })}
      >
        <Header
          isMenuOpen={views !== null && isMenuOpen.value}
          onMenu={() => {
            isMenuOpen.value = !isMenuOpen.value;
            void after.load().catch(() => {});
          }}
        />
        {views && isMenuOpen.value && (
          <views.Menu
            onClose={() => {
              isMenuOpen.value = false;
            }}
            onEnd={() => {
              isMenuOpen.value = false;
              asksToEnd.value = true;
            }}
          />
        )}
        {said ? <said.Thread /> : <Beginning />}
        {said && <said.Notice />}
        {views && <views.Rating />}
        {EndQuestion ? (
          <EndQuestion
            onAnswer={(yes) => {
              asksToEnd.value = false;
              if (yes) session.end();
            }}
          />
        ) : asking.value ? (
          asked && <asked.AskForm kind={asking.value} />
        ) : (
          <Composer />
        )}
        {said && <said.Announcer />}
      </main>
    </>
  );
}

/** What stands there until the thread has come, and where nothing was said is all there is to see. */
function Beginning() {
  return (
    <div class="thread-frame">
      <div class="thread">
        <Greeting />
      </div>
    </div>
  );
}
