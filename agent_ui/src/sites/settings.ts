/** What the customiser edits: the looks of a site and the sections of its widget, as docs/widget-settings.md has them. */

import type { Site } from "../api/types";
import type { OwnTexts } from "./own-words";
import type { Scene } from "./scenes";

export type SiteLook = Pick<Site, "color" | "position" | "greeting" | "locale">;

export interface Teammate {
  name: string;
  photo: string;
  /** Whose messages have this face too; empty: nobody's. */
  agent: string;
}

export interface PageRule {
  page: string;
  show: boolean;
}

export interface GreetingRule {
  pages: string[];
  seconds: number;
  scroll: number;
  visits: number;
  returning: "any" | "new" | "returning";
  referrer: string;
  exit_intent: boolean;
  languages: string[];
  attributes: { name: string; value: string }[];
}

export interface Greeting {
  id: string;
  text: string;
  active: boolean;
  /** 0: once for ever. */
  every_days: number;
  rule: GreetingRule;
}

export type FieldKind =
  | "name"
  | "email"
  | "phone"
  | "topic"
  | "text"
  | "choice"
  | "multiline"
  | "checkbox";

export interface FormField {
  key: string;
  kind: FieldKind;
  label: string;
  required: boolean;
  options: string[];
}

export interface Sections {
  looks: {
    corners: "square" | "soft" | "round";
    scheme: "auto" | "light" | "dark";
    header_image: string;
    team: Teammate[];
    welcome: string;
  };
  launcher: {
    offset_side: number;
    offset_bottom: number;
    icon: "chat" | "question" | "wave";
    label: string;
    phone: "show" | "hide";
    pages: PageRule[];
    elsewhere: "show" | "hide";
  };
  greetings: { items: Greeting[]; pause_days: number };
  forms: {
    before: boolean;
    fields: FormField[];
    offline: boolean;
    consent: { text: string; link: string; version: string };
  };
  consent: { mode: "required" | "on-open" | "granted"; link: string };
  texts: { own: OwnTexts };
  rating: {
    enabled: boolean;
    /** Five, or none: our own. */
    words: string[];
    reasons_low: string[];
    reasons_high: string[];
  };
}

export type WidgetSettings = Sections & { version: number };

export interface Draft {
  look: SiteLook;
  sections: Sections;
}

/** What a section's form gets. */
export interface SectionProps {
  site: Site;
  draft: Draft;
  setLook(part: Partial<SiteLook>): void;
  set<Name extends keyof Sections>(name: Name, part: Partial<Sections[Name]>): void;
  /** Brings on the stage what is being changed. */
  show(scene: Scene, greeting?: string): void;
  /** What is wrong with a field, in words: `looks.welcome`, or `greeting` of the site itself. */
  wrong(field: string): string | null;
}

export type Changes = {
  [Name in keyof Sections]?: Partial<Sections[Name]>;
};

export function lookOf({ color, position, greeting, locale }: Site): SiteLook {
  return { color, position, greeting, locale };
}

/** The fields that differ, of each section that has any. */
export function changesOf(before: Sections, after: Sections): Changes {
  const changed = Object.entries(after).map(([name, fields]) => [
    name,
    differing(before[name as keyof Sections], fields),
  ]);
  return Object.fromEntries(changed.filter(([, fields]) => Object.keys(fields ?? {}).length > 0));
}

export function differing<T extends object>(before: T, after: T): Partial<T> {
  const same = (name: string, value: unknown) =>
    JSON.stringify(before[name as keyof T]) === JSON.stringify(value);
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => !same(name, value)),
  ) as Partial<T>;
}
