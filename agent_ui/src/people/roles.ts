/** Which roles a person may give: never above their own. Pure. */

import type { Role } from "../wire";

const order: readonly Role[] = ["owner", "admin", "supervisor", "agent"];

export function grantable(mine: Role): readonly Role[] {
  return order.slice(order.indexOf(mine));
}

/** Nobody changes themselves, nor somebody above them. */
export function mayChange(mine: Role, theirs: Role): boolean {
  return order.indexOf(mine) <= order.indexOf(theirs);
}
