// Icons that come with the conversation.

import { icon } from "../icons";

export const ReplyIcon = icon("M9 7 4 12l5 5M4 12h10a6 6 0 0 1 6 6v1");
export const CopyIcon = icon(
  "M9 9h9a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H9a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2ZM4 15V5a2 2 0 0 1 2-2h9",
);
export const CheckIcon = icon("m5 13 4 4L19 7");
