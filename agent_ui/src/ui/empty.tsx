/** What a list or a pane shows when there is nothing: what it is for, and the next step. */

import type { ReactNode } from "react";
import classes from "./empty.module.css";

interface Props {
  icon: ReactNode;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon, title, children, action }: Props) {
  return (
    <div className={classes.empty}>
      <span className={classes.icon} aria-hidden>
        {icon}
      </span>
      <p className={classes.title}>{title}</p>
      {children && <p className={classes.words}>{children}</p>}
      {action}
    </div>
  );
}
