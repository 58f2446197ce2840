/** The files of the reply or note that is being written. */

import type { Attached, Attachments } from "@chat/widget/files";
import { useSyncExternalStore } from "react";
import { useConsole } from "../app/context";
import type { Mode } from "../thread/use-draft";
import type { ConversationId } from "../wire";

export interface UsedAttachments extends Attached {
  attachments: Attachments;
}

export function useAttachments(conversation: ConversationId, mode: Mode): UsedAttachments {
  const { session } = useConsole();
  const attachments = session.desk.attachments(conversation, mode);
  const attached = useSyncExternalStore(attachments.subscribe, attachments.get);
  return { attachments, ...attached };
}
