/** Me: am I taking chats, my profile, light or dark, signing out. */

import { Menu, useMantineColorScheme, VisuallyHidden } from "@mantine/core";
import {
  IconCheck,
  IconKeyboard,
  IconLogout,
  IconMoon,
  IconSun,
  IconSunMoon,
  IconUser,
} from "@tabler/icons-react";
import { useLocation } from "wouter";
import { AgentFace } from "../people/face";
import { useNotice } from "../ui/notice";
import type { AgentStatus } from "../wire";
import { useCommands } from "./commands";
import { useConsole, useLive } from "./context";
import { paths } from "./paths";
import classes from "./status-menu.module.css";

const statuses: readonly AgentStatus[] = ["online", "away", "offline"];
const schemes = [
  ["auto", IconSunMoon],
  ["light", IconSun],
  ["dark", IconMoon],
] as const;

export function StatusMenu() {
  const { boot, t } = useConsole();
  const commands = useCommands();
  const [, go] = useLocation();
  const status = useLive((state) => state.status);
  return (
    <Menu position="right-end" width={248} offset={10}>
      <Menu.Target>
        <button type="button" className={classes.me}>
          <AgentFace name={boot.me.name} id={boot.me.id} size={32} status={status} />
          <span className={classes.label}>{t(`status.${status}`)}</span>
          <VisuallyHidden>{t("status.menu", { name: boot.me.name })}</VisuallyHidden>
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={classes.who}>
          <strong>{boot.me.name}</strong>
          <span>{boot.me.workspace.name}</span>
        </div>
        <Menu.Divider />
        <Statuses />
        <Menu.Divider />
        <Schemes />
        <Menu.Divider />
        <Menu.Item leftSection={<IconUser size={16} />} onClick={() => go(paths.profile)}>
          {t("nav.profile")}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => commands.run("keys")}>
          {t("keys.title")}
        </Menu.Item>
        <SignOut />
      </Menu.Dropdown>
    </Menu>
  );
}

function Statuses() {
  const { session, t } = useConsole();
  const notice = useNotice();
  const current = useLive((state) => state.status);
  return statuses.map((status) => (
    <Menu.Item
      key={status}
      leftSection={<span className={classes.dot} data-status={status} />}
      rightSection={status === current && <IconCheck size={16} aria-label={t("common.selected")} />}
      onClick={async () => notice.problem(await session.setStatus(status))}
    >
      {t(`status.${status}`)}
      <span className={classes.about}>{t(`status.${status}.about`)}</span>
    </Menu.Item>
  ));
}

function Schemes() {
  const { t } = useConsole();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <>
      <Menu.Label>{t("theme.label")}</Menu.Label>
      {schemes.map(([scheme, Icon]) => (
        <Menu.Item
          key={scheme}
          closeMenuOnClick={false}
          leftSection={<Icon size={16} aria-hidden />}
          rightSection={
            scheme === colorScheme && <IconCheck size={16} aria-label={t("common.selected")} />
          }
          onClick={() => setColorScheme(scheme)}
        >
          {t(`theme.${scheme}`)}
        </Menu.Item>
      ))}
    </>
  );
}

function SignOut() {
  const { api, session, t } = useConsole();
  const notice = useNotice();
  async function signOut(): Promise<void> {
    try {
      await api.post("/agent/sign-out");
      session.signOut();
      sessionStorage.clear();
      window.location.assign("/agent/sign-in");
    } catch (error) {
      notice.error(error);
    }
  }
  return (
    <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void signOut()}>
      {t("nav.signOut")}
    </Menu.Item>
  );
}
