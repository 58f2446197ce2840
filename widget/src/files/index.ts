// Files in messages, for both clients: what may be sent, where the bytes wait, how they travel and are looked at.

export type { Arriving } from "./arriving";
export { watchFiles } from "./arriving";
export type { Attached, Attachments, Refused } from "./attachments";
export { createAttachments } from "./attachments";
export type { FileLimits, Refusal } from "./check";
export type { Doors } from "./doors";
export { openDoors } from "./doors";
export { download } from "./download";
export { forgetVault } from "./forget";
export { openLightbox } from "./lightbox";
export type { FileLink, Links } from "./links";
export type { News } from "./news";
export { newsOf } from "./news";
export type { Pictures } from "./pictures";
export { createPictures, measure } from "./pictures";
export { createRelease, keysOf } from "./release";
export type { Box } from "./shape";
export { boxOf } from "./shape";
export type { Vault } from "./vault";
export { openVault } from "./vault";
export { createSizes, kindOf, nameParts, shareOf, shownName } from "./words";
