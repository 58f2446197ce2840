/** The one door to the JSON API: CSRF header out, typed errors back. No business words here. */

export interface ErrorBody {
  code: string;
  message: string;
  temporary?: boolean | undefined;
  retry_after?: number | null | undefined;
  fields?: Record<string, string> | undefined;
}

export class ApiError extends Error {
  readonly code: string;
  readonly temporary: boolean;
  readonly retryAfter: number | null;
  readonly fields: Readonly<Record<string, string>>;

  constructor(body: ErrorBody) {
    super(body.message);
    this.name = "ApiError";
    this.code = body.code;
    this.temporary = body.temporary ?? false;
    this.retryAfter = body.retry_after ?? null;
    this.fields = body.fields ?? {};
  }
}

export interface Api {
  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T>;
  post<T>(path: string, body?: unknown): Promise<T>;
  put<T>(path: string, body: unknown): Promise<T>;
  patch<T>(path: string, body: unknown): Promise<T>;
  remove(path: string): Promise<void>;
  /** The bytes of a file as they are. */
  upload<T>(path: string, file: Blob): Promise<T>;
}

export type Query = Readonly<Record<string, string | number | null | undefined>>;

interface Setting {
  csrf: string;
  fetch: typeof fetch;
  onSignedOut: () => void;
}

export function createApi({ csrf, fetch, onSignedOut }: Setting): Api {
  async function call<T>(
    method: string,
    path: string,
    body?: unknown,
    signal?: AbortSignal,
  ): Promise<T> {
    const headers: Record<string, string> = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRF-Token"] = csrf;
    const request: RequestInit = { method, headers, credentials: "same-origin" };
    if (body !== undefined) put(body, request, headers);
    if (signal) request.signal = signal;
    const response = await reach(() => fetch(path, request));
    if (response.ok) return (response.status === 204 ? undefined : await response.json()) as T;
    const error = await errorOf(response);
    if (error.code === "unauthenticated") onSignedOut();
    throw error;
  }
  return {
    get: (path, query, signal) => call("GET", path + search(query), undefined, signal),
    post: (path, body) => call("POST", path, body),
    put: (path, body) => call("PUT", path, body),
    patch: (path, body) => call("PATCH", path, body),
    remove: (path) => call("DELETE", path),
    upload: (path, file) => call("POST", path, file),
  };
}

function put(body: unknown, request: RequestInit, headers: Record<string, string>): void {
  const isFile = body instanceof Blob;
  headers["Content-Type"] = isFile ? "application/octet-stream" : "application/json";
  request.body = isFile ? body : JSON.stringify(body);
}

export function search(query: Query = {}): string {
  const pairs = Object.entries(query).filter(
    ([, value]) => value !== null && value !== undefined && value !== "",
  );
  const text = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

/** A request that never reached the server is temporary; one we aborted is not an error of ours to show. */
async function reach(send: () => Promise<Response>): Promise<Response> {
  try {
    return await send();
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    throw new ApiError({
      code: "unreachable",
      message: "the server could not be reached",
      temporary: true,
    });
  }
}

/** Proxies answer in HTML: whatever is not our error shape becomes a code by its status. */
export async function errorOf(response: Response): Promise<ApiError> {
  try {
    const body = (await response.json()) as { error?: ErrorBody };
    if (typeof body.error?.code === "string") return new ApiError(body.error);
  } catch {
    // Not JSON: fall through to the status.
  }
  return new ApiError({
    code: codeByStatus[response.status] ?? (response.status >= 500 ? "internal" : "bad_request"),
    message: `HTTP ${response.status}`,
    temporary: response.status >= 500 || response.status === 429,
  });
}

const codeByStatus: Readonly<Record<number, string>> = {
  401: "unauthenticated",
  403: "forbidden",
  404: "not_found",
  409: "conflict",
  410: "gone",
  413: "too_large",
  429: "rate_limited",
  502: "unavailable",
  503: "unavailable",
  504: "unavailable",
};
