/** The list of canned replies, each with what can be done to it. */

import { ActionIcon, Button, Group, Modal, Tooltip } from "@mantine/core";
import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import type { CannedReply } from "../api/types";
import { useText } from "../app/context";
import { useNotice } from "../ui/notice";
import classes from "./list.module.css";
import { useDeleteCanned } from "./queries";

interface Props {
  replies: readonly CannedReply[];
  /** null: only to read. */
  edit: ((reply: CannedReply) => void) | null;
}

export function CannedList({ replies, edit }: Props) {
  const t = useText();
  const [leaving, setLeaving] = useState<CannedReply | null>(null);
  return (
    <>
      <ul className={classes.list}>
        {replies.map((reply) => (
          <li key={reply.id} className={classes.reply}>
            <div className={classes.words}>
              <p className={classes.top}>
                <span className={classes.shortcut}>/{reply.shortcut}</span>
                <span className={classes.title}>{reply.title}</span>
              </p>
              <p className={classes.text} dir="auto">
                {reply.text}
              </p>
            </div>
            {edit && (
              <Group gap={2} wrap="nowrap">
                <Tooltip label={t("common.edit")}>
                  <ActionIcon
                    aria-label={t("canned.edit", { title: reply.title })}
                    onClick={() => edit(reply)}
                  >
                    <IconPencil size={18} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
                <Tooltip label={t("common.delete")}>
                  <ActionIcon
                    aria-label={t("canned.delete", { title: reply.title })}
                    onClick={() => setLeaving(reply)}
                  >
                    <IconTrash size={18} stroke={1.6} />
                  </ActionIcon>
                </Tooltip>
              </Group>
            )}
          </li>
        ))}
      </ul>
      {leaving && <DeleteCanned reply={leaving} close={() => setLeaving(null)} />}
    </>
  );
}

function DeleteCanned({ reply, close }: { reply: CannedReply; close(): void }) {
  const t = useText();
  const notice = useNotice();
  const remove = useDeleteCanned();
  const confirm = (): void =>
    remove.mutate(reply.id, {
      onSuccess: () => notice.done(t("canned.deleted")),
      onError: notice.error,
      onSettled: close,
    });
  return (
    <Modal
      opened
      onClose={close}
      title={t("canned.delete.title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
    >
      <p>{t("canned.delete.about", { title: reply.title })}</p>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={close}>
          {t("common.cancel")}
        </Button>
        <Button color="red" loading={remove.isPending} onClick={confirm}>
          {t("common.delete")}
        </Button>
      </Group>
    </Modal>
  );
}
