// A file's name and kind, as text: long ones lose their middle, never their ending.

import { kindOf, nameParts } from "../../files";

export function FileName({ name }: { name: string }) {
  const { stem, ending } = nameParts(name);
  return (
    <bdi class="file-name" title={stem + ending}>
      <span class="file-stem">{stem}</span>
      <span>{ending}</span>
    </bdi>
  );
}

export function Kind({ name }: { name: string }) {
  return (
    <span class="file-kind" aria-hidden="true">
      {kindOf(name).slice(0, 4)}
    </span>
  );
}
