// One file to the server, by XMLHttpRequest: `fetch` cannot tell how much has left.

import type { Clock, OutgoingFile, Problem, Upload, Uploaded } from "../wire";
import type { Vault } from "./vault";

export interface UploadOptions {
  url(): string;
  /** What proves who asks. */
  headers(): Record<string, string>;
  vault: Pick<Vault, "get">;
  clock: Clock;
}

// Half a character, which no encoding takes.
const HALF = /\p{Surrogate}/gu;
// Nothing moved for so long: the network is gone, whatever the browser thinks.
const STALL_MS = 20_000;
// All is there and the server works on it: a large picture is drawn anew.
const ANSWER_MS = 60_000;
const PATIENCE_S = 60;

export function byHttp(options: UploadOptions): Upload {
  return async (file, told, signal) => {
    const bytes = await options.vault.get(file.key);
    if (signal.aborted) return { error: local("stopped", true) };
    if (!bytes) return { error: local("file_lost", false) };
    return send(options, file, bytes, told, signal);
  };
}

function send(
  { url, headers, clock }: UploadOptions,
  file: OutgoingFile,
  bytes: Blob,
  told: (share: number) => void,
  signal: AbortSignal,
): Promise<Uploaded> {
  const request = new XMLHttpRequest();
  let cancel = () => {};
  const watch = (ms: number) => {
    cancel();
    cancel = clock.later(ms, () => request.abort());
  };
  const stop = () => request.abort();
  return new Promise<Uploaded>((resolve) => {
    request.onload = () => resolve(readAnswer(request.status, request.responseText));
    request.onerror = () => resolve({ error: local("disconnected", true) });
    request.onabort = () => resolve({ error: local("stopped", true) });
    request.upload.onprogress = steps((share) => {
      watch(share < 1 ? STALL_MS : ANSWER_MS);
      told(share);
    });
    request.open("POST", url());
    for (const [name, value] of Object.entries(headersOf(file, headers())))
      request.setRequestHeader(name, value);
    signal.addEventListener("abort", stop);
    watch(STALL_MS);
    request.send(bytes);
  }).finally(() => {
    cancel();
    signal.removeEventListener("abort", stop);
  });
}

function headersOf(file: OutgoingFile, more: Record<string, string>): Record<string, string> {
  return {
    ...more,
    "Content-Type": "application/octet-stream",
    "X-File-Name": encodeURIComponent(file.name.replace(HALF, "")),
    "X-Upload-Id": file.upload,
  };
}

/** Only whole percents: browsers tell twenty times a second. */
function steps(told: (share: number) => void): (event: ProgressEvent) => void {
  let last = -1;
  return ({ loaded, total }) => {
    const percent = total > 0 ? Math.floor((loaded / total) * 100) : 0;
    if (percent === last) return;
    last = percent;
    told(percent / 100);
  };
}

/** Exported for its test. */
export function readAnswer(status: number, text: string): Uploaded {
  const body = parse(text);
  if (status < 300 && body?.file) return { file: body.file };
  return { error: judge(body?.error ?? byStatus(status)) };
}

/**
 * Whether it is tried again by itself. A proof that was renewed meanwhile is no reason to give up. A quota of the
 * day is: everything that was written after the file would wait for it.
 */
function judge(problem: Problem): Problem {
  if (problem.code === "unauthenticated") return { ...problem, temporary: true };
  const isLong = (problem.retry_after ?? 0) > PATIENCE_S;
  return isLong ? { ...problem, temporary: false } : problem;
}

interface Body {
  file?: { id: string };
  error?: Problem;
}

function parse(text: string): Body | null {
  try {
    return JSON.parse(text) as Body;
  } catch {
    return null; // a proxy's page; the status has to do
  }
}

function byStatus(status: number): Problem {
  if (status === 413) return local("file_too_large", false);
  return local("unavailable", status < 400 || status >= 500 || status === 429);
}

function local(code: string, temporary: boolean): Problem {
  return { code, message: "", temporary };
}
