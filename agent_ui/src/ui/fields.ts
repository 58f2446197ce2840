/** Field errors of the API in words. */

import { ApiError } from "../api/http";
import type { Key, Text } from "../text/text";

const words = {
  required: "field.required",
  too_long: "field.too_long",
  not_an_email: "field.not_an_email",
  not_an_origin: "field.not_an_origin",
  not_a_colour: "field.not_a_colour",
  not_a_shortcut: "field.not_a_shortcut",
  bad_text: "field.bad_text",
  unknown_variable: "field.unknown_variable",
  taken: "field.taken",
  too_short: "field.too_short",
  too_common: "field.too_common",
  unknown: "field.unknown",
  own_role: "field.own_role",
  last_owner: "field.last_owner",
  not_an_interval: "field.not_an_interval",
  overlap: "field.overlap",
  not_a_date: "field.not_a_date",
  too_far: "field.too_far",
  too_many: "field.too_many",
  out_of_range: "field.out_of_range",
  not_a_page: "field.not_a_page",
  not_a_link: "field.not_a_link",
  unknown_place: "field.unknown_place",
} as const satisfies Readonly<Record<string, Key>>;

export function fieldText(code: string, t: Text): string {
  return t(Object.hasOwn(words, code) ? words[code as keyof typeof words] : "field.invalid");
}

/** What is wrong with one field, for its `error` property. An item of a list counts for its list. */
export function fieldError(error: unknown, field: string, t: Text): string | null {
  if (!(error instanceof ApiError)) return null;
  const found = Object.entries(error.fields).find(
    ([name]) => name === field || name.startsWith(`${field}.`) || name.startsWith(`${field}[`),
  );
  return found ? fieldText(found[1], t) : null;
}

export function hasFieldErrors(error: unknown): boolean {
  return error instanceof ApiError && Object.keys(error.fields).length > 0;
}
