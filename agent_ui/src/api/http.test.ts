import { describe, expect, it, vi } from "vitest";
import { createText } from "../text/text";
import { fieldError } from "../ui/fields";
import { type ApiError, createApi, search } from "./http";

function apiWith(answer: () => Response | Promise<Response>) {
  const fetch = vi.fn(async (_path: string, _init?: RequestInit) => answer());
  const onSignedOut = vi.fn();
  return {
    api: createApi({
      csrf: "token",
      fetch: fetch as unknown as typeof globalThis.fetch,
      onSignedOut,
    }),
    fetch,
    onSignedOut,
  };
}

const json = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });
const failed = async (call: Promise<unknown>) =>
  (await call.catch((error: unknown) => error)) as ApiError;

describe("api", () => {
  it("sends the CSRF token with every change and never with a read", async () => {
    const { api, fetch } = apiWith(() => json(200, {}));
    await api.get("/a");
    await api.post("/b", { x: 1 });
    const headers = fetch.mock.calls.map(([, init]) => init?.headers as Record<string, string>);
    expect(headers[0]?.["X-CSRF-Token"]).toBeUndefined();
    expect(headers[1]?.["X-CSRF-Token"]).toBe("token");
  });

  it("hands on the server's code and field errors", async () => {
    const body = {
      error: {
        code: "invalid",
        message: "",
        fields: { name: "required", "origins[1]": "not_an_origin" },
      },
    };
    const { api } = apiWith(() => json(400, body));
    const error = await failed(api.post("/x"));
    expect(error.code).toBe("invalid");
    const t = createText("en");
    expect(fieldError(error, "name", t)).toBe(t("field.required"));
    expect(fieldError(error, "origins", t)).toBe(t("field.not_an_origin"));
    expect(fieldError(error, "color", t)).toBeNull();
  });

  it("makes a code of a proxy's HTML page", async () => {
    const { api } = apiWith(() => new Response("<h1>Bad gateway</h1>", { status: 502 }));
    expect(await failed(api.get("/x"))).toMatchObject({ code: "unavailable", temporary: true });
  });

  it("calls a request that never arrived temporary", async () => {
    const { api } = apiWith(() => Promise.reject(new TypeError("offline")));
    expect(await failed(api.get("/x"))).toMatchObject({ code: "unreachable", temporary: true });
  });

  it("tells once that the session is over", async () => {
    const { api, onSignedOut } = apiWith(() =>
      json(401, { error: { code: "unauthenticated", message: "" } }),
    );
    await failed(api.get("/x"));
    expect(onSignedOut).toHaveBeenCalledOnce();
  });

  it("does not take a wrong password for the end of the session", async () => {
    const { api, onSignedOut } = apiWith(() =>
      json(401, { error: { code: "bad_credentials", message: "" } }),
    );
    await failed(api.put("/x", {}));
    expect(onSignedOut).not.toHaveBeenCalled();
  });

  it("answers nothing for 204", async () => {
    const { api } = apiWith(() => new Response(null, { status: 204 }));
    expect(await api.remove("/x")).toBeUndefined();
  });

  it("leaves empty values out of the query", () => {
    expect(search({ q: "", site: null, agent: undefined })).toBe("");
    expect(search({ q: "a b&c", limit: 50 })).toBe("?q=a+b%26c&limit=50");
  });
});
