/** What an agent does to a chat, with a word when it did not work. */

import { useMemo } from "react";
import { useConsole } from "../app/context";
import { useNotice } from "../ui/notice";
import type { ConversationId } from "../wire";

export interface Actions {
  take(): Promise<boolean>;
  handOver(agent: string): Promise<boolean>;
  toQueue(): Promise<boolean>;
  close(): Promise<boolean>;
  reopen(): Promise<boolean>;
  askRating(): Promise<boolean>;
}

export function useActions(conversation: ConversationId): Actions {
  const { boot, session } = useConsole();
  const notice = useNotice();
  return useMemo(() => {
    const told = async (work: ReturnType<typeof session.close>): Promise<boolean> => {
      const problem = await work;
      notice.problem(problem);
      return problem === null;
    };
    return {
      take: () => told(session.assign(conversation, boot.me.id)),
      handOver: (agent) => told(session.assign(conversation, agent)),
      toQueue: () => told(session.assign(conversation, null)),
      close: () => told(session.close(conversation)),
      reopen: () => told(session.reopen(conversation)),
      askRating: () => told(session.askRating(conversation)),
    };
  }, [boot.me.id, session, conversation, notice]);
}
