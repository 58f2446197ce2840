/** A picture of the widget: shown, replaced, taken away. */

import { Button, FileButton, Input } from "@mantine/core";
import { useState } from "react";
import type { Site } from "../../api/types";
import { useConsole } from "../../app/context";
import { useNotice } from "../../ui/notice";
import classes from "./sections.module.css";

interface Props {
  site: Site;
  label: string;
  about?: string;
  /** The picture's id; empty: none. */
  value: string;
  error?: string | null;
  shape: "wide" | "face";
  choose(id: string): void;
}

export function Picture({ site, label, about, value, error, shape, choose }: Props) {
  const { api, t } = useConsole();
  const notice = useNotice();
  const [isBusy, setBusy] = useState(false);

  async function bring(file: File | null): Promise<void> {
    if (!file) return;
    setBusy(true);
    try {
      choose((await api.upload<{ id: string }>(`/api/sites/${site.id}/pictures`, file)).id);
    } catch (error) {
      notice.error(error);
    } finally {
      setBusy(false);
    }
  }

  return (
    <Input.Wrapper label={label} description={about} error={error} labelElement="div">
      <div className={classes.picture}>
        {value && (
          <img
            className={shape === "wide" ? classes.wide : classes.face}
            src={new URL(`/widget/pictures/${value}`, site.stage_url).href}
            alt=""
          />
        )}
        <FileButton
          onChange={(file) => void bring(file)}
          accept="image/png,image/jpeg,image/webp,image/gif"
        >
          {(props) => (
            <Button
              {...props}
              variant="default"
              size="xs"
              loading={isBusy}
              aria-label={`${label}: ${t("widget.picture.choose")}`}
            >
              {t("widget.picture.choose")}
            </Button>
          )}
        </FileButton>
        {value && (
          <Button
            variant="subtle"
            color="gray"
            size="xs"
            aria-label={`${label}: ${t("widget.picture.remove")}`}
            onClick={() => choose("")}
          >
            {t("widget.picture.remove")}
          </Button>
        )}
      </div>
    </Input.Wrapper>
  );
}
