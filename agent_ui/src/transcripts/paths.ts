/** Where the server gives a transcript as a file or as a page for paper. */

export function exportPath(conversation: string): string {
  return `/api/transcripts/${encodeURIComponent(conversation)}/text`;
}

export function printPath(conversation: string): string {
  return `/agent/transcripts/${encodeURIComponent(conversation)}/print`;
}
