/** The list of keys, opened by `?`. */

import { Kbd, Modal } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useCommand } from "./commands";
import { useText } from "./context";
import { bindings } from "./keys";
import classes from "./keys-help.module.css";

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent);

export function KeysHelp() {
  const t = useText();
  const [opened, { open, close }] = useDisclosure(false);
  useCommand("keys", open);
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("keys.title")}
      closeButtonProps={{ "aria-label": t("common.close") }}
      size="md"
    >
      <dl className={classes.list}>
        {bindings.map(({ command, keys }) => (
          <div key={command} className={classes.line}>
            <dt>{t(`command.${command}`)}</dt>
            <dd>
              <Keys keys={keys} />
            </dd>
          </div>
        ))}
        <div className={classes.line}>
          <dt>{t("keys.send")}</dt>
          <dd>
            <Kbd>Enter</Kbd>
          </dd>
        </div>
        <div className={classes.line}>
          <dt>{t("keys.newLine")}</dt>
          <dd>
            <Kbd>Shift</Kbd> <Kbd>Enter</Kbd>
          </dd>
        </div>
        <div className={classes.line}>
          <dt>{t("keys.canned")}</dt>
          <dd>
            <Kbd>/</Kbd> <Kbd>#</Kbd>
          </dd>
        </div>
      </dl>
    </Modal>
  );
}

export function Keys({ keys }: { keys: readonly string[] }) {
  return keys.map((key, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: a fixed sequence, and G G would repeat
    <Kbd key={index} size="xs" ms={index === 0 ? 0 : 4}>
      {key === "Mod" ? (isMac ? "⌘" : "Ctrl") : key}
    </Kbd>
  ));
}
