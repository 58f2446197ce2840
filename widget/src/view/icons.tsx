// Drawn here so that no request and no font is needed. Icons are decoration: their buttons carry the names.

export function icon(path: string) {
  return () => (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      width="20"
      height="20"
      fill="none"
      stroke="currentColor"
      stroke-width="2"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      <path d={path} />
    </svg>
  );
}

export const SendIcon = icon("M12 19V5M5.5 11.5 12 5l6.5 6.5");
export const MoreIcon = icon("M5 11.5v1M12 11.5v1M19 11.5v1");
export const DownIcon = icon("m6 9 6 6 6-6");
export const CloseIcon = icon("M6 6l12 12M18 6 6 18");
export const DownloadIcon = icon("M12 4v11M7.5 11l4.5 4.5 4.5-4.5M5 20h14");
export const AlertIcon = icon("M12 8v5M12 16.5v.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z");
