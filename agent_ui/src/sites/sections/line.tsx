/** One line of text of a section, kept as it is typed, with what is wrong about it below. */

import { TextInput, type TextInputProps } from "@mantine/core";
import type { SectionProps, Sections } from "../settings";

type Looks = "type" | "dir" | "label" | "description" | "placeholder" | "maxLength";

interface Props extends Pick<TextInputProps, Looks> {
  of: Pick<SectionProps, "draft" | "set" | "wrong">;
  place: "looks.welcome" | "launcher.label" | "consent.link";
}

export function Line({ of: { draft, set, wrong }, place, ...looks }: Props) {
  const [section, field] = place.split(".") as [keyof Sections, string];
  const texts = draft.sections[section] as unknown as Record<string, string>;
  return (
    <TextInput
      {...looks}
      value={texts[field] ?? ""}
      error={wrong(place)}
      onChange={(event) => set(section, { [field]: event.currentTarget.value })}
    />
  );
}
