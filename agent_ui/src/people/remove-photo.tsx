/** Takes a colleague's photo away, where there is one. */

import { Button } from "@mantine/core";
import type { Person } from "../api/types";
import { useConsole } from "../app/context";
import { useNotice } from "../ui/notice";
import { usePhoto, useRemovePhoto } from "./photos";

export function RemovePhoto({ person }: { person: Person }) {
  const { t } = useConsole();
  const notice = useNotice();
  const photo = usePhoto(person.id);
  const remove = useRemovePhoto(person.id);
  if (!photo) return null;
  return (
    <Button
      size="xs"
      variant="subtle"
      color="gray"
      loading={remove.isPending}
      aria-label={t("people.photo.removeOf", { name: person.name })}
      onClick={() =>
        remove.mutate(undefined, {
          onSuccess: () => notice.done(t("common.saved")),
          onError: (error) => notice.error(error),
        })
      }
    >
      {t("people.photo.remove")}
    </Button>
  );
}
