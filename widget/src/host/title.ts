// The number of unread messages in the page's title, while the visitor looks at another tab.

export interface Title {
  /** The page's own. */
  bare(): string;
  mark(count: number): void;
}

export function openTitle(): Title {
  let mark = "";
  const bare = () => document.title.replace(mark, "");
  return {
    bare,
    mark: (count) => {
      const title = bare();
      mark = count && document.hidden ? `(${count}) ` : "";
      if (document.title !== mark + title) document.title = mark + title;
    },
  };
}
