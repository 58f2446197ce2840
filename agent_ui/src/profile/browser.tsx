/** What belongs to this browser only: sound and desktop notices. */

import { Button, Stack, Switch } from "@mantine/core";
import { useState } from "react";
import { useText } from "../app/context";
import { usePreferences } from "../app/preferences";
import { chime } from "../app/sound";
import { Card } from "../ui/page";

export function Browser() {
  const t = useText();
  const [preferences, set] = usePreferences();
  const [isDenied, setDenied] = useState(false);
  async function wantNotices(wanted: boolean): Promise<void> {
    const isGranted =
      wanted && "Notification" in window && (await Notification.requestPermission()) === "granted";
    setDenied(wanted && !isGranted);
    set({ ...preferences, notices: isGranted });
  }
  return (
    <Card title={t("profile.browser")} about={t("profile.browser.about")}>
      <Stack>
        <Switch
          label={t("profile.sound")}
          description={t("profile.sound.about")}
          checked={preferences.sound}
          onChange={(event) => set({ ...preferences, sound: event.currentTarget.checked })}
        />
        <Switch
          label={t("profile.notices")}
          description={t("profile.notices.about")}
          error={isDenied && t("profile.notices.denied")}
          checked={preferences.notices}
          onChange={(event) => void wantNotices(event.currentTarget.checked)}
        />
        <div>
          <Button variant="default" size="xs" onClick={chime}>
            {t("profile.sound.try")}
          </Button>
        </div>
      </Stack>
    </Card>
  );
}
