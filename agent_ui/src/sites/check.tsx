/** Is the chat on the website, and would browsers let it work? What was found, and what to change, in words. */

import "@mantine/core/styles/Code.css";
import { Alert, Button, Code, TextInput } from "@mantine/core";
import { IconAlertTriangle, IconCircleCheck, IconCircleX } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import type { Site } from "../api/types";
import { useText } from "../app/context";
import type { Key, Text } from "../text/text";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { Card } from "../ui/page";
import { errorText } from "../ui/trouble";
import classes from "./check.module.css";
import { type CheckFinding, useCheckSite } from "./queries";

const icons = { ok: IconCircleCheck, warn: IconAlertTriangle, bad: IconCircleX };

export function CheckSite({ site }: { site: Site }) {
  const t = useText();
  const check = useCheckSite(site.id);
  const [address, setAddress] = useState(site.origins[0] ?? "");

  function submit(event: FormEvent): void {
    event.preventDefault();
    check.mutate(address);
  }

  return (
    <Card title={t("check.title")} about={t("check.about")}>
      <form onSubmit={submit} noValidate className={classes.ask}>
        <TextInput
          className={classes.address ?? ""}
          type="url"
          dir="ltr"
          aria-label={t("check.address")}
          placeholder="https://shop.example/"
          value={address}
          error={fieldError(check.error, "address", t)}
          onChange={(event) => setAddress(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={check.isPending} disabled={!address}>
          {t("check.do")}
        </Button>
      </form>
      {check.error && !hasFieldErrors(check.error) && (
        <Alert color="red" role="alert" mt="md">
          {errorText(check.error, t)}
        </Alert>
      )}
      <ul className={classes.findings} aria-live="polite">
        {check.data?.findings.map((finding) => (
          <Found key={finding.code} finding={finding} />
        ))}
      </ul>
    </Card>
  );
}

function Found({ finding }: { finding: CheckFinding }) {
  const t = useText();
  const Icon = icons[finding.level];
  const about = finding.about ?? {};
  return (
    <li className={classes.finding} data-level={finding.level}>
      <Icon size={20} aria-label={t(`check.level.${finding.level}`)} />
      <div>
        <p>{inWords(finding, t)}</p>
        {about.directive && (
          <>
            <Code block className={classes.code ?? ""}>
              {wanted(about.directive, about.now ?? "", about.add ?? "")}
            </Code>
            <p className={classes.now}>{t("check.now", { now: about.now ?? "" })}</p>
          </>
        )}
      </div>
    </li>
  );
}

/** The directive as it should stand: what it has, or what it falls back to, and our origin. */
function wanted(directive: string, now: string, add: string): string {
  const sources = now
    .split(" ")
    .slice(1)
    .filter((one) => one !== "'none'");
  return [directive, ...sources, add].join(" ");
}

function inWords({ code, about }: CheckFinding, t: Text): string {
  const key = `check.${code}`;
  const known = key in words ? words[key as keyof typeof words] : "check.unknown";
  return t(known as Key, {
    address: "",
    origin: "",
    found: "",
    status: "",
    count: "",
    about: "",
    add: "",
    ...about,
  });
}

const words = {
  "check.page_found": "check.page_found",
  "check.page_name": "check.page_name",
  "check.page_private": "check.page_private",
  "check.page_connection": "check.page_connection",
  "check.page_certificate": "check.page_certificate",
  "check.page_timeout": "check.page_timeout",
  "check.page_redirect": "check.page_redirect",
  "check.page_redirects": "check.page_redirects",
  "check.page_status": "check.page_status",
  "check.page_unreadable": "check.page_unreadable",
  "check.page_long": "check.page_long",
  "check.origin_missing": "check.origin_missing",
  "check.site_disabled": "check.site_disabled",
  "check.snippet_found": "check.snippet_found",
  "check.snippet_twice": "check.snippet_twice",
  "check.snippet_missing": "check.snippet_missing",
  "check.snippet_other_site": "check.snippet_other_site",
  "check.snippet_other_server": "check.snippet_other_server",
  "check.insecure_server": "check.insecure_server",
  "check.csp_none": "check.csp_none",
  "check.csp_fine": "check.csp_fine",
  "check.csp_script": "check.csp_script",
  "check.csp_nonce": "check.csp_nonce",
  "check.csp_frame": "check.csp_frame",
  "check.csp_connect": "check.csp_connect",
} as const satisfies Readonly<Record<string, Key>>;
