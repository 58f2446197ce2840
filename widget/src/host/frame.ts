// The iframe and the port into it.

import type { Init, ToFrame, ToHost } from "../bridge";
import { make } from "./elements";

export interface Frame {
  element: HTMLIFrameElement;
  post(message: ToFrame): void;
}

export interface FrameOptions {
  address: string;
  title: string;
  /** What the frame is told first, asked each time that it loads. */
  init(): Init;
  heard(message: ToHost): void;
  /** It did not come to life: a CSP, a wrong origin, or no server. */
  failed(): void;
}

const LOADED_MS = 10_000;
// It listens before it has loaded. The browser's own page about what it refused loads too, and never answers.
const ANSWER_MS = 3_000;

export function openFrame(parent: Node, options: FrameOptions): Frame {
  const { address, title, init, heard, failed } = options;
  const check = () => isAlive || !element.isConnected || failed();
  let isAlive = false;
  let port: MessagePort | undefined;

  // With its address before it is in the page: an empty one would load as well.
  const element = make("iframe", parent, {
    title,
    allow: "autoplay;clipboard-write",
    src: address,
  });
  element.onload = () => {
    const { port1, port2 } = new MessageChannel();
    port = port1;
    port1.onmessage = ({ data }: MessageEvent<ToHost>) => {
      isAlive = true;
      if (element.isConnected) heard(data); // what was taken away has nothing to say, though it was sent before
    };
    element.contentWindow?.postMessage(init(), new URL(address).origin, [port2]);
    setTimeout(check, ANSWER_MS);
  };
  setTimeout(check, LOADED_MS);
  return {
    element,
    post: (message) => port?.postMessage(message),
  };
}
