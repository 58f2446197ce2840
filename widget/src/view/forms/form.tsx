// The form in the place of the field: one question under the other, each with what is wrong beside it.

import { useSignal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { FormKind } from "../../forms";
import type { Session } from "../../session";
import type { FormAsk } from "../../wire";
import { Consent, Field } from "./field";
import {
  CONSENT,
  type Filling,
  formOf,
  MESSAGE,
  type Values,
  type Wrong,
  wrongFrom,
  wrongIn,
} from "./filling";
import type { FormWords } from "./text";

export interface AskFormProps {
  kind: FormKind;
  ask: FormAsk;
  session: Session;
  filling: Filling;
  t: FormWords;
}

export function AskForm({ kind, ask, session, filling, t }: AskFormProps) {
  const isOffline = kind === "offline";
  const values = useSignal<Values>(filling.values());
  const wrong = useSignal<Wrong>({});
  const failed = useSignal(false);
  const busy = useSignal(false);
  const form = useRef<HTMLFormElement>(null);
  const heading = `form-${kind}`;

  function change(key: string, value: string): void {
    values.value = { ...values.value, [key]: value };
    filling.keep(values.value);
    const { [key]: _, ...rest } = wrong.value;
    wrong.value = rest;
  }

  function refuse(why: Wrong): void {
    wrong.value = why;
    requestAnimationFrame(() =>
      form.current?.querySelector<HTMLElement>("[aria-invalid='true']")?.focus(),
    );
  }

  async function submit(): Promise<void> {
    if (busy.value) return;
    failed.value = false;
    const found = wrongIn(ask, values.value, isOffline);
    if (Object.keys(found).length > 0) return refuse(found);
    busy.value = true;
    const text = isOffline ? values.value[MESSAGE]?.trim() : undefined;
    const problem = await session.answer(formOf(ask, values.value, isOffline), text);
    busy.value = false;
    if (!problem) filling.forget();
    else if (Object.keys(problem.fields ?? {}).length > 0) refuse(wrongFrom(problem.fields ?? {}));
    else failed.value = true;
  }

  useEffect(() => {
    form.current?.scrollTo({ top: 0 });
  }, []);

  return (
    <form
      class="ask"
      ref={form}
      noValidate
      aria-labelledby={heading}
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <h2 class="ask-title" id={heading}>
        {t(kind)}
      </h2>
      {isOffline && <p class="ask-note">{offlineNote(ask, session, t)}</p>}
      {(ask.fields ?? []).map((field) => (
        <Field
          key={field.key}
          field={field}
          value={values.value[field.key] ?? ""}
          wrong={wrong.value[field.key]}
          change={(value) => change(field.key, value)}
          t={t}
        />
      ))}
      {isOffline && (
        <Field
          field={{ key: MESSAGE, kind: "multiline", label: t("message"), required: true }}
          value={values.value[MESSAGE] ?? ""}
          wrong={wrong.value[MESSAGE]}
          change={(value) => change(MESSAGE, value)}
          t={t}
        />
      )}
      {ask.consent && (
        <Consent
          consent={ask.consent}
          value={values.value[CONSENT] ?? ""}
          wrong={wrong.value[CONSENT]}
          change={(value) => change(CONSENT, value)}
          t={t}
        />
      )}
      <p class="ask-failed" role="alert">
        {failed.value && t("wrong.other")}
      </p>
      <button type="submit" class="ask-send" aria-disabled={busy.value}>
        {t(isOffline ? "submit" : "start")}
      </button>
    </form>
  );
}

/** The truth about how an answer comes. */
function offlineNote(ask: FormAsk, session: Session, t: FormWords): string {
  if (!ask.mails) return t("offline.here");
  const email = session.store.state.value.email;
  return email ? t("offline.to", { email }) : t("offline.mail");
}
