/** One's own photo: seen, replaced, taken away. */

import { Button, FileButton, Group, Text } from "@mantine/core";
import { useRef } from "react";
import { useConsole } from "../app/context";
import { AgentFace } from "../people/face";
import { useBringPhoto, usePhoto, useRemovePhoto } from "../people/photos";
import { useNotice } from "../ui/notice";
import { Card } from "../ui/page";

const KINDS = "image/png,image/jpeg,image/webp,image/gif";

export function Photo() {
  const { boot, t } = useConsole();
  const notice = useNotice();
  const photo = usePhoto(boot.me.id);
  const bring = useBringPhoto();
  const remove = useRemovePhoto();
  // The same file may be chosen again after it was taken away.
  const reset = useRef<() => void>(null);
  const says = {
    onSuccess: () => notice.done(t("common.saved")),
    onError: (error: unknown) => notice.error(error),
  };
  function choose(file: File | null): void {
    if (!file) return;
    reset.current?.();
    bring.mutate(file, says);
  }
  return (
    <Card title={t("profile.photo")}>
      <Group>
        <AgentFace name={boot.me.name} id={boot.me.id} size={64} />
        <FileButton onChange={choose} accept={KINDS} resetRef={reset}>
          {(props) => (
            <Button {...props} variant="default" loading={bring.isPending}>
              {t(photo ? "profile.photo.replace" : "profile.photo.choose")}
            </Button>
          )}
        </FileButton>
        {photo && (
          <Button
            variant="subtle"
            color="gray"
            loading={remove.isPending}
            onClick={() => remove.mutate(undefined, says)}
          >
            {t("profile.photo.remove")}
          </Button>
        )}
      </Group>
      <Text size="sm" c="dimmed" mt="sm">
        {t("profile.photo.about")}
      </Text>
    </Card>
  );
}
