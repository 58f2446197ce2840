/** The keys with which a site's server vouches for its customers: made, seen once, rotated. */

import { Alert, Button, Group, SegmentedControl, Stack } from "@mantine/core";
import { useState } from "react";
import { useText } from "../app/context";
import { CopyText } from "../ui/copy-text";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";
import { DayTime } from "../ui/time";
import classes from "./customers.module.css";
import { type IdentityKey, useIdentityKeys, useMakeKey, useRemoveKey } from "./queries";

// The one in use, and the one that takes its place.
const AT_ONCE = 2;

export function IdentityKeys({ site }: { site: string }) {
  const t = useText();
  const notice = useNotice();
  const { data } = useIdentityKeys(site);
  const make = useMakeKey(site);
  const [algorithm, setAlgorithm] = useState<IdentityKey["algorithm"]>("HS256");
  const [made, setMade] = useState<IdentityKey | null>(null);
  const keys = data?.items ?? [];
  const isFull = keys.length >= AT_ONCE;

  function add(): void {
    make.mutate(algorithm, { onSuccess: setMade, onError: notice.error });
  }

  return (
    <Card title={t("identity.title")} about={t("identity.about")}>
      <Stack>
        {made?.secret && (
          <Alert color="pine" title={t("identity.once")} role="status">
            <code className={classes.secret}>{made.secret}</code>
            <Group mt={8}>
              <CopyText text={made.secret} label={t("identity.copy")} />
              <Button variant="default" onClick={() => setMade(null)}>
                {t("identity.kept")}
              </Button>
            </Group>
          </Alert>
        )}
        {keys.length > 0 && (
          <ul className={classes.keys} aria-label={t("identity.title")}>
            {keys.map((key) => (
              <KeyRow key={key.id} site={site} identityKey={key} />
            ))}
          </ul>
        )}
        {isFull ? (
          <p className={classes.hint}>{t("identity.full")}</p>
        ) : (
          <Group>
            <SegmentedControl
              aria-label={t("identity.algorithm")}
              data={["HS256", "ES256"]}
              value={algorithm}
              onChange={(chosen) => setAlgorithm(chosen === "ES256" ? "ES256" : "HS256")}
            />
            <Button variant="default" onClick={add} loading={make.isPending}>
              {t("identity.make")}
            </Button>
          </Group>
        )}
      </Stack>
    </Card>
  );
}

function KeyRow({ site, identityKey }: { site: string; identityKey: IdentityKey }) {
  const t = useText();
  const notice = useNotice();
  const remove = useRemoveKey(site);
  const [asks, setAsks] = useState(false);
  const { id, algorithm, created_at } = identityKey;
  return (
    <li className={classes.key}>
      <span>
        <strong>{algorithm}</strong> <code className={classes.kid}>{id}</code>
        <span className={classes.hint}>
          {t("identity.made")} <DayTime at={created_at} />
        </span>
      </span>
      {asks ? (
        <Group gap={8}>
          <Button
            color="red"
            loading={remove.isPending}
            onClick={() => remove.mutate(id, { onError: notice.error })}
          >
            {t("identity.remove.yes")}
          </Button>
          <Button variant="default" onClick={() => setAsks(false)}>
            {t("identity.remove.no")}
          </Button>
        </Group>
      ) : (
        <Button variant="default" onClick={() => setAsks(true)}>
          {t("identity.remove")}
        </Button>
      )}
    </li>
  );
}
