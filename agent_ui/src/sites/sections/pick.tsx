/** One of a few, side by side. */

import { Input, SegmentedControl } from "@mantine/core";
import { useId } from "react";

interface Props<Value extends string> {
  label: string;
  about?: string;
  value: Value;
  choose(value: Value): void;
  data: readonly (readonly [value: Value, name: string])[];
}

export function Pick<Value extends string>({ label, about, value, choose, data }: Props<Value>) {
  const id = useId();
  return (
    <Input.Wrapper label={label} description={about} labelElement="div" labelProps={{ id }}>
      <SegmentedControl
        fullWidth
        mt={4}
        aria-labelledby={id}
        value={value}
        onChange={(next) => choose(next as Value)}
        data={data.map(([one, name]) => ({ value: one, label: name }))}
      />
    </Input.Wrapper>
  );
}
