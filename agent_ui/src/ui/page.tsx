/** The frame of every page that is not the inbox: a title, what it is for, its one action. */

import type { ReactNode } from "react";
import classes from "./page.module.css";

interface Props {
  title: string;
  about?: string;
  action?: ReactNode;
  /** Above the title: the way back. */
  back?: ReactNode;
  wide?: boolean;
  children: ReactNode;
}

export function Page({ title, about, action, back, wide = false, children }: Props) {
  return (
    <div className={classes.scroll}>
      <div className={classes.page} data-wide={wide || undefined}>
        {back}
        <header className={classes.head}>
          <div className={classes.words}>
            <h1 className={classes.title}>{title}</h1>
            {about && <p className={classes.about}>{about}</p>}
          </div>
          {action}
        </header>
        {children}
      </div>
    </div>
  );
}

export function Card({
  title,
  about,
  children,
}: {
  title?: string;
  about?: string;
  children: ReactNode;
}) {
  return (
    <section className={classes.card}>
      {title && <h2 className={classes.cardTitle}>{title}</h2>}
      {about && <p className={classes.cardAbout}>{about}</p>}
      {children}
    </section>
  );
}
