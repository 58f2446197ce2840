import { describe, expect, it } from "vitest";
import { fill, unknownVariables } from "./variables";

const known = {
  "visitor.name": "Vera",
  "visitor.email": null,
  "agent.name": "Ann",
  "site.name": "Shop",
};
const stranger = { ...known, "visitor.name": null };

describe("variables", () => {
  it("are filled in", () => {
    const { text, empty } = fill("Hi {{visitor.name}}, {{ agent.name }} of {{site.name}}", known);
    expect(text).toBe("Hi Vera, Ann of Shop");
    expect(empty).toEqual([]);
  });

  it("use the fallback when there is no value", () => {
    expect(fill("Hi {{visitor.name|there}}", stranger).text).toBe("Hi there");
    expect(fill("Hi {{visitor.name|there}}", known).text).toBe("Hi Vera");
  });

  it("report a hole when there is neither", () => {
    expect(fill("Hi {{visitor.name}}!", stranger)).toMatchObject({
      text: "Hi !",
      empty: ["visitor.name"],
    });
  });

  it("accept an empty fallback as wanted", () => {
    expect(fill("您好{{visitor.name|}}", stranger)).toMatchObject({ text: "您好", empty: [] });
  });

  it("leave an unknown name in the text and report it", () => {
    const { text, unknown } = fill("Order {{order.no}}", known);
    expect(text).toBe("Order {{order.no}}");
    expect(unknown).toEqual(["order.no"]);
    expect(unknownVariables("{{visitor.name}} {{x}}")).toEqual(["x"]);
  });

  it("never evaluate what a value contains", () => {
    expect(fill("{{visitor.name}}", { ...known, "visitor.name": "{{agent.name}} $&" }).text).toBe(
      "{{agent.name}} $&",
    );
  });
});
