// One question: its name, its place to answer, what is wrong with the answer.

import type { ComponentChildren } from "preact";
import type { FormConsent, FormField } from "../../wire";
import { YES } from "./filling";
import type { FormKey, FormWords } from "./text";

interface Answering {
  value: string;
  wrong: FormKey | undefined;
  change(value: string): void;
  t: FormWords;
}

type Typed = { currentTarget: HTMLInputElement | HTMLTextAreaElement };

const INPUTS = {
  name: { type: "text", autocomplete: "name" },
  email: { type: "email", autocomplete: "email", inputMode: "email" },
  phone: { type: "tel", autocomplete: "tel", inputMode: "tel" },
  text: { type: "text", autocomplete: "off" },
} as const;

export function Field({ field, ...answering }: Answering & { field: FormField }) {
  const { key, kind, required = false } = field;
  const { value, wrong, change, t } = answering;
  const id = `ask-${key}`;
  const about = {
    id,
    class: "ask-input",
    dir: "auto",
    value,
    "aria-required": required,
    "aria-invalid": wrong !== undefined,
    "aria-describedby": wrong ? `${id}-wrong` : undefined,
    onInput: (event: Typed) => change(event.currentTarget.value),
  } as const;
  if (kind === "checkbox") return <Tick id={id} label={labelOf(field, t)} {...answering} />;
  return (
    <div class="ask-field">
      <label class="ask-label" for={id}>
        {labelOf(field, t)}
        {!required && <span class="ask-optional"> ({t("optional")})</span>}
      </label>
      {kind === "multiline" && <textarea rows={3} {...about} />}
      {(kind === "topic" || kind === "choice") && (
        <select {...about} onInput={undefined} onChange={(e) => change(e.currentTarget.value)}>
          <option value="">{t("choose")}</option>
          {(field.options ?? []).map((option) => (
            <option key={option}>{option}</option>
          ))}
        </select>
      )}
      {kind in INPUTS && <input {...INPUTS[kind as keyof typeof INPUTS]} {...about} />}
      <Why id={id} wrong={wrong} t={t} />
    </div>
  );
}

export function Consent({ consent, ...answering }: Answering & { consent: FormConsent }) {
  const { link, text } = consent;
  return (
    <Tick id="ask-consent" label={text} {...answering}>
      {link && (
        <a class="ask-link" href={link} target="_blank" rel="noopener noreferrer">
          {answering.t("consent.read")}
        </a>
      )}
    </Tick>
  );
}

interface Ticking extends Answering {
  id: string;
  label: string;
  children?: ComponentChildren;
}

function Tick({ id, label, value, wrong, change, t, children }: Ticking) {
  return (
    <div class="ask-field">
      <label class="ask-tick" for={id}>
        <input
          type="checkbox"
          id={id}
          checked={value === YES}
          aria-invalid={wrong !== undefined}
          aria-describedby={wrong ? `${id}-wrong` : undefined}
          onChange={(event) => change(event.currentTarget.checked ? YES : "")}
        />
        <span dir="auto">{label}</span>
      </label>
      {children}
      <Why id={id} wrong={wrong} t={t} />
    </div>
  );
}

function Why({ id, wrong, t }: { id: string; wrong: FormKey | undefined; t: FormWords }) {
  if (!wrong) return null;
  return (
    <p class="ask-wrong" id={`${id}-wrong`}>
      {t(wrong)}
    </p>
  );
}

function labelOf({ label, kind }: FormField, t: FormWords): string {
  if (label) return label;
  return kind === "name" || kind === "email" || kind === "phone" || kind === "topic" ? t(kind) : "";
}
