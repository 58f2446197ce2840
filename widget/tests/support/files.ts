import type { OutgoingFile, Upload, Uploaded } from "../../src/wire";

export function file(key: string, part: Partial<OutgoingFile> = {}): OutgoingFile {
  return { key, upload: key, name: `${key}.pdf`, type: "application/pdf", bytes: 100, ...part };
}

/** For those who send no files. */
export const nothingUploaded: Upload = async () => {
  throw new Error("nobody attached a file");
};

export interface FakeDoor {
  upload: Upload;
  /** What was begun, oldest first, with the ways to go on. */
  begun: {
    file: OutgoingFile;
    signal: AbortSignal;
    told(share: number): void;
    end(outcome: Uploaded): void;
  }[];
}

/** A server's door for files: the test plays the network. */
export function fakeDoor(): FakeDoor {
  const begun: FakeDoor["begun"] = [];
  return {
    begun,
    upload: (file, told, signal) =>
      new Promise((end) => {
        begun.push({ file, signal, told, end });
        signal.addEventListener("abort", () => end(trouble("stopped", true)));
      }),
  };
}

export function trouble(code: string, temporary: boolean, retry_after?: number): Uploaded {
  return { error: { code, message: "", temporary, retry_after } };
}
