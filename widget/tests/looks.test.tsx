import { fireEvent, screen, waitFor } from "@testing-library/preact";
import { describe, expect, it, vi } from "vitest";
import type { Site } from "../src/boot";
import { dress } from "../src/dress";
import { initials } from "../src/view/avatar";
import { annJoined, fromAnn, opened, welcome } from "./support/facts";
import { chat, facts, inC, later, show, tell } from "./support/panel";

const panel = () => screen.getByRole("main");

describe("the site's looks", () => {
  it("are put on the page before anything is drawn", () => {
    const root = document.createElement("html");
    dress(root, { color: "#0b5", corners: "round", scheme: "dark" } as Site);
    expect(root.dataset).toMatchObject({ corners: "round", scheme: "dark" });
    expect(root.style.getPropertyValue("--accent")).toMatch(/^rgb\(/);
  });

  it("show team, picture and words of welcome; a photo that does not come leaves the letters", async () => {
    const team = [
      { name: "Ann Lee", photo: "/pictures/ann" },
      { name: "Bo", photo: "" },
    ];
    chat.looks = { header_image: "/pictures/shop", team, welcome: "<b>Hello</b>" };
    const { container } = show(welcome());
    await later();
    const sources = [...container.querySelectorAll("img")].map((img) => img.getAttribute("src"));
    expect(sources).toEqual(["/pictures/shop", "/pictures/ann"]);
    expect(container.querySelector(".team")?.textContent).toBe("ALAnn LeeBBo");
    expect(screen.getByText("<b>Hello</b>")).toBeTruthy();
    expect(screen.getByText("Good day!")).toBeTruthy();
    const photo = container.querySelector(".avatar-photo") as HTMLImageElement;
    fireEvent.error(photo);
    expect(photo.hidden).toBe(true);
  });

  it("leave agents their own photos, which are asked for once", async () => {
    const ask = vi.fn(async () => Response.json({ photos: { ann: "/widget/photos/1" } }));
    vi.stubGlobal("fetch", ask);
    const { container } = show(inC(4), facts(opened(), annJoined(2), fromAnn(3, "Hi")));
    const shown = () => [...container.querySelectorAll(".avatar-photo")];
    // In the header, in the line that says who came, and beside what they wrote.
    await waitFor(() => expect(shown()).toHaveLength(3));
    expect(shown().map((img) => img.getAttribute("src"))).toEqual(
      Array(3).fill("/widget/photos/1"),
    );
    tell(fromAnn(4, "Again"));
    await later();
    expect(ask).toHaveBeenCalledExactlyOnceWith("/widget/photos?site=KEY&agents=ann");
    fireEvent.error(shown()[0] as HTMLImageElement);
    expect((shown()[0] as HTMLImageElement).hidden).toBe(true);
  });

  it("take nobody for somebody else of the same name", async () => {
    const team = ["/pictures/ann", "/pictures/other"].map((photo) => ({ name: "Ann", photo }));
    chat.looks = { ...chat.looks, team };
    const ask = vi.fn(async () => Response.json({ photos: {} }));
    vi.stubGlobal("fetch", ask);
    const { container } = show(welcome());
    await later();
    const faces = [...container.querySelectorAll(".team img")];
    expect(faces.map((img) => img.getAttribute("src"))).toEqual(team.map(({ photo }) => photo));
    tell(inC(2), facts(opened(), fromAnn(2, "Hi")));
    await waitFor(() => expect(ask).toHaveBeenCalledOnce());
    await later();
    expect(container.querySelector(".message .avatar")).not.toBeNull();
    expect(container.querySelector(":is(.header, .message) .avatar-photo")).toBeNull();
  });

  it("carry the colour until something was said, and not before it is known that nothing was", async () => {
    chat.mayResume = true;
    show();
    expect(panel().className).toBe("panel");
    tell(welcome());
    await later();
    expect(panel().className).toBe("panel home");
    tell(inC(2), facts(opened(), fromAnn(2, "Hi")));
    await later();
    expect(panel().className).toBe("panel");
  });
});

it.each([
  ["Lamps & Sons", "LS"],
  ["王小雨", "雨"],
  ["🍵 Tea", "T"],
  ["& Co", "C"],
  ["🍵", "🍵"],
  ["", ""],
])("makes letters of %j", (name, letters) => {
  expect(initials(name)).toBe(letters);
});
