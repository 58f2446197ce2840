// What is filled in: kept over a reload until it is sent, and checked as the server will.

import type { FormAsk, FormField, Shelf } from "../../wire";
import type { FormKey } from "./text";

export type Values = Readonly<Record<string, string>>;
export type Wrong = Readonly<Record<string, FormKey>>;

export interface Filling {
  values(): Values;
  keep(values: Values): void;
  forget(): void;
}

export const MESSAGE = "text";
export const CONSENT = "consent";
export const YES = "yes";
const NAME = "form";
const PERSONAL = ["name", "email", "phone"] as const;

export function createFilling(shelf: Shelf): Filling {
  return {
    values: () => readValues(shelf.get(NAME)),
    keep: (values) => shelf.set(NAME, JSON.stringify(values)),
    forget: () => shelf.remove(NAME),
  };
}

function readValues(text: string | null): Values {
  try {
    const kept: unknown = JSON.parse(text ?? "{}");
    if (typeof kept !== "object" || kept === null) return {};
    return Object.fromEntries(
      Object.entries(kept).filter(([, value]) => typeof value === "string"),
    );
  } catch {
    return {};
  }
}

/** Only what cannot be right: the server has the last word. */
export function wrongIn(ask: FormAsk, values: Values, needsMessage: boolean): Wrong {
  const wrong: Record<string, FormKey> = {};
  for (const field of ask.fields ?? []) {
    const why = wrongOf(field, (values[field.key] ?? "").trim());
    if (why) wrong[field.key] = why;
  }
  if (needsMessage && !values[MESSAGE]?.trim()) wrong[MESSAGE] = "wrong.required";
  if (ask.consent && values[CONSENT] !== YES) wrong[CONSENT] = "wrong.consent";
  return wrong;
}

function wrongOf(field: FormField, value: string): FormKey | null {
  if (!value) return field.required ? "wrong.required" : null;
  if (field.kind === "email" && !/^[^\s@]+@[^\s@]+$/.test(value)) return "wrong.email";
  if (field.kind === "phone" && value.replace(/\D/g, "").length < 4) return "wrong.phone";
  return null;
}

const CODES: Readonly<Record<string, FormKey>> = {
  required: "wrong.required",
  not_an_email: "wrong.email",
  not_a_phone: "wrong.phone",
  too_long: "wrong.long",
  unknown: "wrong.unknown",
  changed: "wrong.consent",
};

/** The server's codes as our words. */
export function wrongFrom(fields: Readonly<Record<string, string>>): Wrong {
  const named = Object.entries(fields).map(([key, code]) => {
    const why = key === CONSENT ? "wrong.consent" : (CODES[code] ?? "wrong.other");
    return [key, why] as const;
  });
  return Object.fromEntries(named);
}

/** What goes to the server. Empty is an answer too, so that nobody is asked again. */
export function formOf(ask: FormAsk, values: Values, offline: boolean) {
  const answers: Record<string, string> = {};
  const own: { name?: string; email?: string; phone?: string } = {};
  for (const { key, kind } of ask.fields ?? []) {
    const value = (values[key] ?? "").trim();
    const personal = PERSONAL.find((one) => one === kind);
    if (personal && value) own[personal] = value;
    else answers[key] = value;
  }
  return { ...own, answers, consent: ask.consent?.version, offline };
}
