/** Every address inside the console, relative to its base `/agent`. */

export const BASE = "/agent";

export const paths = {
  inbox: "/inbox",
  chat: (id: string) => `/inbox/${encodeURIComponent(id)}`,
  visitor: (id: string) => `/inbox/${encodeURIComponent(id)}/visitor`,
  transcripts: "/transcripts",
  transcript: (id: string) => `/transcripts/${encodeURIComponent(id)}`,
  canned: "/canned",
  sites: "/sites",
  site: (id: string) => `/sites/${encodeURIComponent(id)}`,
  widget: (site: string) => `/sites/${encodeURIComponent(site)}/widget`,
  hours: (site: string) => `/sites/${encodeURIComponent(site)}/hours`,
  people: "/people",
  mail: "/mail",
  profile: "/profile",
} as const;
