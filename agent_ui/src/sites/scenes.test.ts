import { describe, expect, it } from "vitest";
import { greetingOf, sceneFor, scenesOf } from "./scenes";
import type { Greeting, Sections } from "./settings";

function sections(part: Partial<Record<keyof Sections, object>> = {}): Sections {
  return {
    greetings: { items: [], pause_days: 7, ...part.greetings },
    forms: { before: false, offline: false, fields: [], ...part.forms },
    consent: { mode: "on-open", link: "", ...part.consent },
    rating: { enabled: false, ...part.rating },
  } as unknown as Sections;
}

function greeting(id: string, text: string, active = true): Greeting {
  return { id, text, active, every_days: 7 } as Greeting;
}

describe("the stage", () => {
  it("plays what visitors of these settings meet, and nothing else", () => {
    expect(scenesOf(sections())).toEqual(["launcher", "open", "talk"]);
    const all = {
      greetings: { items: [greeting("a", "Hello?")] },
      forms: { offline: true },
      consent: { mode: "required" },
      rating: { enabled: true },
    };
    expect(scenesOf(sections(all))).toHaveLength(7);
  });

  it("shows what visitors meet instead of what is switched off", () => {
    const instead = (["greeting", "consent", "offline", "rating"] as const).map((scene) =>
      sceneFor(scene, sections()),
    );
    expect(instead).toEqual(["launcher", "open", "open", "talk"]);
    expect(sceneFor("consent", sections({ consent: { mode: "required" } }))).toBe("consent");
  });

  it("says the greeting that is looked at, else the first that is said at all", () => {
    const items = [greeting("off", "No", false), greeting("a", " One "), greeting("b", "Two")];
    const many = sections({ greetings: { items } });
    expect(greetingOf(many, "b")).toEqual({ id: "b", text: "Two" });
    expect(greetingOf(many, "off")).toEqual({ id: "a", text: "One" });
    expect(greetingOf(sections({ greetings: { items: [greeting("c", "  ")] } }))).toBeNull();
  });
});
