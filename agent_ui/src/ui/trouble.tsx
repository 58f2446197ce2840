/** An error in words a person can act on, with a way to try again. */

import { Button } from "@mantine/core";
import { IconCloudOff } from "@tabler/icons-react";
import { ApiError } from "../api/http";
import { useText } from "../app/context";
import type { Key, Text } from "../text/text";
import { Empty } from "./empty";

const words = {
  unreachable: "error.unreachable",
  disconnected: "error.unreachable",
  unanswered: "error.unreachable",
  busy: "error.rate_limited",
  unauthenticated: "error.unauthenticated",
  bad_credentials: "error.bad_credentials",
  forbidden: "error.forbidden",
  bad_origin: "error.forbidden",
  not_found: "error.not_found",
  gone: "error.not_found",
  conflict: "error.conflict",
  rejected: "error.rejected",
  too_large: "error.too_large",
  rate_limited: "error.rate_limited",
  unavailable: "error.unavailable",
  invalid: "error.invalid",
  file_too_large: "error.file_too_large",
  file_type: "error.file_type",
  file_gone: "error.file_gone",
  file_lost: "error.file_lost",
  storage_full: "error.storage_full",
} as const satisfies Readonly<Record<string, Key>>;

export function problemText(problem: { code: string }, t: Text): string {
  return t(
    Object.hasOwn(words, problem.code)
      ? words[problem.code as keyof typeof words]
      : "error.internal",
  );
}

export function errorText(error: unknown, t: Text): string {
  return problemText(error instanceof ApiError ? error : { code: "internal" }, t);
}

export function Trouble({ error, retry }: { error: unknown; retry: () => void }) {
  const t = useText();
  return (
    <div role="alert">
      <Empty
        icon={<IconCloudOff size={24} stroke={1.5} />}
        title={t("error.title")}
        action={
          <Button variant="default" onClick={retry}>
            {t("common.retry")}
          </Button>
        }
      >
        {errorText(error, t)}
      </Empty>
    </div>
  );
}
