// The page beside the customiser: the real widget with values that nobody has saved yet. The console hands
// them in; our loader asks for its settings as ever and gets these, and the panel, of our own origin, takes
// the rest from `chatStage`.

const { site, loader, console: origin } = JSON.parse(document.getElementById("boot").textContent);
const watchers = new Set();
let config = null;
let boot = null;
let shownAs = "";
let isOpen = false;
let builds = 0;

window.chatStage = {
  get boot() {
    return boot;
  },
  watch(watcher) {
    watchers.add(watcher);
  },
};

const ask = window.fetch;
window.fetch = (address, options) =>
  String(address).includes("/widget/config")
    ? Promise.resolve(new Response(JSON.stringify(config)))
    : ask(address, options);

addEventListener("message", ({ source, origin: from, data }) => {
  if (source !== parent || from !== origin || data?.t !== "stage") return;
  ({ config, boot } = data);
  config.greetings = ""; // they come by the rules of a website, and would be counted
  document.documentElement.classList.toggle("dark", data.dark);
  // What the launcher and the panel's address are made of; the rest of a panel changes under our eyes.
  const looks = JSON.stringify({ ...config, name: "", greeting: "" });
  if (looks !== shownAs || (data.open !== isOpen && !window.ChatWidget)) {
    shownAs = looks;
    isOpen = data.open;
    build();
  } else {
    for (const watcher of watchers) watcher(boot);
    if (data.open !== isOpen) window.ChatWidget(data.open ? "open" : "close");
  }
});

function build() {
  builds += 1; // from now on nobody listens to what the old one says, that it closes least of all
  const mine = builds;
  const turned = (on) => {
    if (mine !== builds) return;
    isOpen = on;
    parent.postMessage({ t: "turned", open: on }, origin);
  };
  window.ChatWidget?.("destroy");
  watchers.clear();
  document.querySelector("script[data-site]")?.remove();
  const calls = [
    ["on", "open", () => turned(true)],
    ["on", "close", () => turned(false)],
    ...(isOpen ? [["open"]] : []),
  ];
  window.ChatWidget = Object.assign(() => {}, { q: calls });
  const script = document.createElement("script");
  script.src = loader;
  script.dataset.site = site;
  script.dataset.lang = boot.locale;
  document.head.append(script);
}

parent.postMessage({ t: "staged" }, origin);
