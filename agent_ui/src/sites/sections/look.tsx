/** Colour, corners, light and dark. */

import { ColorInput, Stack } from "@mantine/core";
import { useText } from "../../app/context";
import type { SectionProps } from "../settings";
import { Pick } from "./pick";
import { Picture } from "./picture";

export const palette = [
  "#0f6a52",
  "#1d5fa8",
  "#5b4bb7",
  "#a13670",
  "#b3261e",
  "#a8480a",
  "#6b6200",
  "#2f3a40",
];

export function LookSection({ site, draft, setLook, set, wrong }: SectionProps) {
  const t = useText();
  const { corners, scheme } = draft.sections.looks;
  return (
    <Stack>
      <ColorInput
        label={t("site.color")}
        description={t("widget.color.about")}
        swatches={palette}
        eyeDropperButtonProps={{ "aria-label": t("site.color.pick") }}
        fixOnBlur={false} // what is wrong is said beside it; setting it back loses to a fast Tab
        value={draft.look.color}
        error={wrong("color")}
        onChange={(color) => setLook({ color })}
      />
      <Pick
        label={t("widget.corners")}
        value={corners}
        choose={(value) => set("looks", { corners: value })}
        data={[
          ["square", t("widget.corners.square")],
          ["soft", t("widget.corners.soft")],
          ["round", t("widget.corners.round")],
        ]}
      />
      <Pick
        label={t("widget.scheme")}
        about={t("widget.scheme.about")}
        value={scheme}
        choose={(value) => set("looks", { scheme: value })}
        data={[
          ["auto", t("widget.scheme.auto")],
          ["light", t("widget.scheme.light")],
          ["dark", t("widget.scheme.dark")],
        ]}
      />
      <Picture
        site={site}
        label={t("widget.header")}
        about={t("widget.header.about")}
        value={draft.sections.looks.header_image}
        error={wrong("looks.header_image")}
        shape="wide"
        choose={(header_image) => set("looks", { header_image })}
      />
    </Stack>
  );
}
