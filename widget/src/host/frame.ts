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

const READY_MS = 10_000;

export function openFrame(parent: Node, options: FrameOptions): Frame {
  const { address, title, init, heard, failed } = options;
  const failing = setTimeout(() => element.isConnected && failed(), READY_MS);
  let port: MessagePort | undefined;

  const element = make("iframe", parent, { title, allow: "autoplay;clipboard-write" });
  element.onload = () => {
    const channel = new MessageChannel();
    port = channel.port1;
    port.onmessage = ({ data }: MessageEvent<ToHost>) => {
      clearTimeout(failing);
      heard(data);
    };
    element.contentWindow?.postMessage(init(), new URL(address).origin, [channel.port2]);
  };
  element.src = address;
  return {
    element,
    post: (message) => port?.postMessage(message),
  };
}
