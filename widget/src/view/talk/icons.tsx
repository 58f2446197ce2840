// Icons that come with the conversation.

import { icon } from "../icons";

export const ReplyIcon = icon("M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1");
export const CopyIcon = icon(
  "M9 9h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM4 15V5a2 2 0 0 1 2-2h9",
);
export const CheckIcon = icon("m5 13 4 4L19 7");
export const EmojiIcon = icon(
  "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5v.01M15 9.5v.01",
);
export const AttachIcon = icon(
  "m20 11.5-8.1 8.1a5 5 0 0 1-7.1-7.1l8.6-8.6a3.4 3.4 0 0 1 4.8 4.8l-8.6 8.6a1.7 1.7 0 0 1-2.4-2.4l7.9-7.9",
);
