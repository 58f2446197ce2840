// Puts the emoji picker together.

import type { EmojiKit } from "../../emoji";
import type { Shelf } from "../../wire";
import { wear } from "../wear";
import styles from "./emoji.css?inline";
import { Picker } from "./picker";
import { openRecent } from "./recent";

export function createEmoji(shelf: Shelf): EmojiKit {
  wear(styles);
  const recent = openRecent(shelf);
  return { Picker: (props) => <Picker {...props} recent={recent} /> };
}
