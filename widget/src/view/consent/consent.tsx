// Asks whether anything may be kept in this browser. Until then nothing is, and no socket is open.

import { render } from "preact";
import { useEffect, useRef } from "preact/hooks";
import type { Locale } from "../../text/locales";
import { wear } from "../wear";
import styles from "./consent.css?inline";
import { words } from "./words";

export interface ConsentOptions {
  locale: Locale;
  siteName: string;
  /** Empty: no link. */
  privacy: string;
  /** Null where the panel is the whole page. */
  close: (() => void) | null;
  agree(): void;
}

export function askConsent(place: Element, options: ConsentOptions): void {
  wear(styles);
  render(<Consent {...options} />, place);
}

function Consent({ locale, siteName, privacy, close, agree }: ConsentOptions) {
  const { ask, agree: yes, notNow, read } = words[locale];
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  return (
    <main
      class="consent"
      ref={panel}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === "Escape") close?.();
      }}
    >
      <h1 class="consent-title" dir="auto">
        {siteName}
      </h1>
      <p class="consent-text">{ask}</p>
      {privacy && (
        <a class="consent-link" href={privacy} target="_blank" rel="noopener noreferrer">
          {read}
        </a>
      )}
      <button type="button" class="button consent-agree" onClick={agree}>
        {yes}
      </button>
      {close && (
        <button type="button" class="quiet-button" onClick={close}>
          {notNow}
        </button>
      )}
    </main>
  );
}
