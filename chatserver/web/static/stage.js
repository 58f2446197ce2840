// The page beside the customiser: the real widget with values that nobody has saved yet. The console hands
// them in, with the scene to play; our loader asks for its settings as ever and gets these, and the panel, of
// our own origin, takes the rest from `chatStage`. Nothing is kept, and nothing is told to the server.

const { site, loader, console: origin } = JSON.parse(document.getElementById("boot").textContent);
const watchers = new Set();
// Those in which the chat is not open yet.
const CLOSED = ["launcher", "greeting"];
let told = null;
let shownAs = "";
let words = "";
let card = null;

window.chatStage = {
  get told() {
    return told;
  },
  watch(watcher) {
    watchers.add(watcher);
  },
};

// The card keeps its inside to itself, on a customer's page.
const attach = Element.prototype.attachShadow;
Element.prototype.attachShadow = function attachShadow(how) {
  const root = attach.call(this, how);
  if (this.localName === "chat-greeting") card = root;
  return root;
};

const ask = window.fetch;
window.fetch = (address, options) => {
  if (`${address}`.includes("/widget/config")) return answer(told.config);
  if (`${address}`.includes("/widget/greetings")) return answer(greetings());
  return ask(address, options);
};
navigator.sendBeacon = () => true;

addEventListener("message", ({ source, origin: from, data }) => {
  if (source !== parent || from !== origin || data?.t !== "stage") return;
  told = dressed(data);
  document.documentElement.classList.toggle("dark", data.dark);
  const now = madeOf(told);
  if (now === shownAs && isReworded(told)) for (const watcher of watchers) watcher(told);
  else build();
  shownAs = now;
  words = told.greeting?.text ?? "";
});

/** The button stands on every page here, and a greeting comes when it is to be seen. */
function dressed({ config, boot, ...rest }) {
  const { scene } = rest;
  const launcher = { ...config.launcher, pages: [], elsewhere: "show" };
  const greetings = scene === "greeting" ? config.greetings : "";
  return { ...rest, boot, config: { ...config, launcher, greetings } };
}

/** What cannot change under our eyes: then there is a new launcher, and a new panel. */
function madeOf({ config, boot, scene, round, greeting }) {
  const late = Object.entries(boot.texts).filter(([name]) => name.includes("/"));
  const asked = scene === "consent" && boot.privacy;
  const said = scene === "greeting" && greeting?.id;
  const bare = { ...config, name: "", greeting: "", next_opening: null };
  return JSON.stringify([bare, late, scene, round, asked, said, boot.rating.enabled]);
}

/** Words change on the card that stands there: another one would come up from below at every key. */
function isReworded({ greeting, scene }) {
  const said = greeting?.text ?? "";
  if (said === words || scene !== "greeting") return true;
  words = said;
  const place = card?.host.isConnected && card.querySelector(".words");
  if (place) place.textContent = said;
  return place;
}

function greetings() {
  const { greeting } = told;
  return { items: greeting ? [{ ...greeting, every_days: 0, rule: {} }] : [], pause_days: 0 };
}

function answer(body) {
  return Promise.resolve(new Response(JSON.stringify(body)));
}

function build() {
  window.ChatWidget?.("destroy");
  watchers.clear();
  const isOpen = !CLOSED.includes(told.scene);
  for (const [area, value] of Object.entries({ localStorage: forgetful(), sessionStorage: stubborn(isOpen) }))
    Object.defineProperty(window, area, { configurable: true, value });
  document.querySelector("script[data-site]")?.remove();
  // Who is past the question has answered it.
  const hasAgreed = isOpen && told.scene !== "consent";
  window.ChatWidget = Object.assign(() => {}, { q: hasAgreed ? [["consent"]] : [] });
  const script = document.createElement("script");
  script.src = loader;
  script.dataset.site = site;
  script.dataset.lang = told.boot.locale;
  document.head.append(script);
}

/** A browser's storage for as long as this widget stands here. */
function forgetful() {
  const kept = new Map();
  return {
    getItem: (name) => kept.get(name) ?? null,
    setItem: (name, value) => kept.set(name, `${value}`),
    removeItem: (name) => kept.delete(name),
  };
}

/** As on a page after the one where the panel was opened: a click would take the focus out of the owner's hands.
    A former widget that is slow to go closes its panel: not this one's. */
function stubborn(isOpen) {
  return { getItem: () => (isOpen ? "1" : null), setItem: () => {}, removeItem: () => {} };
}

parent.postMessage({ t: "staged" }, origin);
