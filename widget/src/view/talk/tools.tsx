// What stands beside the field, besides the words: emoji and files.

import type { ToolsProps } from "../../talk";
import { Attach } from "./attach";
import { EmojiButton } from "./emoji";

export function Tools({ onPick, onDone }: ToolsProps) {
  return (
    <>
      <EmojiButton onPick={onPick} onDone={onDone} />
      <Attach onFiles={onDone} />
    </>
  );
}
