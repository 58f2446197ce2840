/** Who works here, and who is invited. */

import { Button } from "@mantine/core";
import { IconUserPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useText } from "../app/context";
import { Loading } from "../ui/loading";
import { Page } from "../ui/page";
import { Trouble } from "../ui/trouble";
import { Invitations } from "./invitations";
import { InviteDialog } from "./invite";
import { usePeople } from "./queries";
import { PeopleTable } from "./table";

export function PeopleScreen() {
  const t = useText();
  const [isInviting, setInviting] = useState(false);
  const { data, error, refetch } = usePeople();
  const invite = (
    <Button leftSection={<IconUserPlus size={16} />} onClick={() => setInviting(true)}>
      {t("people.invite")}
    </Button>
  );
  return (
    <Page title={t("people.title")} about={t("people.about")} action={invite} wide>
      {!data &&
        (error ? (
          <Trouble error={error} retry={() => void refetch()} />
        ) : (
          <Loading rows={4} height={56} />
        ))}
      {data && <PeopleTable people={data.items} />}
      <Invitations />
      {isInviting && <InviteDialog close={() => setInviting(false)} />}
    </Page>
  );
}
