// What comes only where sockets are blocked.

export { knocking } from "./knocking";
export { polling } from "./poll";
