/** Invites somebody by a link that is shown once. */

import { Alert, Button, Group, Modal, NativeSelect, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import type { Invitation } from "../api/types";
import { useConsole } from "../app/context";
import { CopyText } from "../ui/copy-text";
import { fieldError, hasFieldErrors } from "../ui/fields";
import { errorText } from "../ui/trouble";
import type { Role } from "../wire";
import { useInvite } from "./queries";
import { grantable } from "./roles";

export function InviteDialog({ close }: { close(): void }) {
  const { t } = useConsole();
  const invite = useInvite();
  return (
    <Modal
      opened
      onClose={close}
      title={t("people.invite")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      {invite.data ? (
        <Link invitation={invite.data} close={close} />
      ) : (
        <Form invite={invite} close={close} />
      )}
    </Modal>
  );
}

function Form({ invite, close }: { invite: ReturnType<typeof useInvite>; close(): void }) {
  const { boot, t } = useConsole();
  const [email, setEmail] = useState("");
  const [role, setRole] = useState<Role>("agent");
  function submit(event: FormEvent): void {
    event.preventDefault();
    invite.mutate({ email: email.trim(), role });
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        {invite.error && !hasFieldErrors(invite.error) && (
          <Alert color="red" role="alert">
            {errorText(invite.error, t)}
          </Alert>
        )}
        <TextInput
          type="email"
          label={t("people.email")}
          data-autofocus
          value={email}
          error={fieldError(invite.error, "email", t)}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <NativeSelect
          label={t("people.role")}
          description={t(`role.${role}.about`)}
          data={grantable(boot.me.role).map((one) => ({ value: one, label: t(`role.${one}`) }))}
          value={role}
          onChange={(event) => setRole(event.currentTarget.value as Role)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            {t("common.cancel")}
          </Button>
          <Button type="submit" loading={invite.isPending}>
            {t("people.invite.make")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Link({ invitation, close }: { invitation: Invitation; close(): void }) {
  const { t } = useConsole();
  const link = invitation.link ?? "";
  return (
    <Stack>
      <p>
        {t(invitation.mailed ? "people.link.mailed" : "people.link.about", {
          email: invitation.email,
        })}
      </p>
      <TextInput
        readOnly
        aria-label={t("people.link")}
        value={link}
        onFocus={(event) => event.currentTarget.select()}
      />
      <Group justify="flex-end">
        <Button variant="default" onClick={close}>
          {t("common.done")}
        </Button>
        <CopyText text={link} label={t("people.link.copy")} />
      </Group>
    </Stack>
  );
}
