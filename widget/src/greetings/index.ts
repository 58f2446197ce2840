// The script of greetings: comes only to sites that have some, and after everything else.

import type { Kit } from "./kit";
import { start } from "./run";

const { kit } = document.currentScript as HTMLScriptElement & { kit?: Kit };
if (kit) void start(kit);
