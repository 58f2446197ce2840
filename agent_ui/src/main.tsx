/** The console's entry: reads the page's boot data, opens the session, draws. */

import "./app/mantine-styles";
import "./app/tokens.css";

import { systemClock } from "@chat/widget/wire";
import { setNonce } from "get-nonce";
import { createRoot } from "react-dom/client";
import { createApi } from "./api/http";
import { App } from "./app/app";
import { readBoot } from "./boot";
import { createSession } from "./session/session";
import { createStore } from "./session/store";

const root = document.getElementById("root");
if (root === null) throw new Error("the page has no #root");

const boot = readBoot(document);
setNonce(boot.nonce);

const store = createStore(boot.me.id, systemClock.now);
const api = createApi({
  csrf: boot.csrf,
  fetch: window.fetch.bind(window),
  onSignedOut: () => store.dispatch({ do: "linked", link: { is: "stopped", why: "signed_out" } }),
});
const session = createSession({
  store,
  socket: boot.socket,
  csrf: boot.csrf,
  me: boot.me.id,
  ticket: async () => (await api.post<{ ticket: string }>("/api/tickets")).ticket,
});

session.start();
window.addEventListener("online", session.hurry);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") session.hurry();
});
// What waits to be sent is kept, but for files where the browser keeps none.
window.addEventListener("beforeunload", (event) => {
  if (session.desk.loses()) event.preventDefault();
});
setInterval(() => store.dispatch({ do: "tick", now: systemClock.now() }), 1000);

createRoot(root).render(<App boot={boot} api={api} session={session} />);
