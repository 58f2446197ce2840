/** What was said, in order. Scrolls as a reader expects: the end follows, the past stays put. */

import { Button, Loader } from "@mantine/core";
import { IconArrowDown } from "@tabler/icons-react";
import { useMemo } from "react";
import { useConsole, useLive } from "../app/context";
import { hasEarlier, lastSeq, type Thread } from "../state/thread";
import { FileVoice } from "../uploads/voice";
import { BlockView } from "./block-view";
import { receipt, toBlocks } from "./blocks";
import classes from "./messages.module.css";
import { OutgoingList, useOutgoing } from "./outgoing";
import { TypingLine } from "./typing-line";
import { useStick } from "./use-stick";

export function Messages({ thread }: { thread: Thread }) {
  const { session, t } = useConsole();
  const me = useLive((state) => state.me);
  const outgoing = useOutgoing(thread);
  const blocks = useMemo(() => toBlocks(thread.facts), [thread.facts]);
  const mark = outgoing.length === 0 ? receipt(thread.facts, thread.readByVisitor) : null;
  const { scroller, isAway, isBehind, onScroll, toEnd } = useStick({
    first: thread.facts[0]?.seq ?? 0,
    last: lastSeq(thread),
    own: outgoing.length,
    onTop: () => void session.loadEarlier(thread.conversation),
  });
  return (
    <div className={classes.frame}>
      <div
        ref={scroller}
        className={classes.scroller}
        onScroll={onScroll}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        role="log"
        aria-label={t("thread.log")}
        aria-busy={thread.loading !== null}
      >
        {hasEarlier(thread) && <Earlier thread={thread} />}
        <ol className={classes.list}>
          {blocks.map((block) => (
            <BlockView key={block.key} block={block} me={me} receipt={mark} facts={thread.facts} />
          ))}
        </ol>
        <OutgoingList messages={outgoing} facts={thread.facts} me={me} />
        <FileVoice thread={thread} />
        <TypingLine conversation={thread.conversation} />
      </div>
      {isAway && (
        <button
          type="button"
          className={classes.pill}
          data-behind={isBehind || undefined}
          onClick={toEnd}
        >
          <IconArrowDown size={15} aria-hidden />
          {t(isBehind ? "thread.newMessages" : "thread.latest")}
        </button>
      )}
    </div>
  );
}

function Earlier({ thread }: { thread: Thread }) {
  const { session, t } = useConsole();
  return (
    <div className={classes.earlier}>
      {thread.loading === "earlier" ? (
        <Loader size="xs" color="gray" aria-label={t("common.loading")} />
      ) : (
        <Button
          size="compact-xs"
          variant="subtle"
          color="gray"
          onClick={() => void session.loadEarlier(thread.conversation)}
        >
          {t(thread.problem ? "thread.earlier.again" : "thread.earlier")}
        </Button>
      )}
    </div>
  );
}
