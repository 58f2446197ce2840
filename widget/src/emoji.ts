// Emoji for the field. The picker and its words come when they are wanted.

import type { ComponentType } from "preact";

export interface PickerProps {
  onPick(sign: string): void;
  onClose(): void;
}

export interface EmojiKit {
  Picker: ComponentType<PickerProps>;
}
