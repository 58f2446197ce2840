// The mark that a mailed link leaves behind the `#` of a page: whoever opens it goes on in their chat.

const MARK = /[#&]chat-resume=([\w-]+)/;

/** Takes it away from the address: a bookmark or a shared link must not carry it. */
export function takeMark(): string | undefined {
  const found = MARK.exec(location.hash);
  if (found) history.replaceState(history.state, "", location.href.replace(MARK, ""));
  return found?.[1];
}
