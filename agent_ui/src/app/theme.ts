/** Mantine in our colours and sizes. What axe finds in its defaults is put right here, once. */

import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

const pine: MantineColorsTuple = [
  "#e6f4ef",
  "#d0e9df",
  "#a3d5c3",
  "#7ed4b8",
  "#5cc4a2",
  "#2c9a79",
  "#1a8064",
  "#0f6a52",
  "#0b5643",
  "#084233",
];

const dark: MantineColorsTuple = [
  "#e9eced",
  "#b4bcc0",
  "#949da2",
  "#6b7478",
  "#3a4144",
  "#2e3436",
  "#23282a",
  "#16191b",
  "#101314",
  "#0b0d0e",
];

/** Mantine's own red is too bright to carry white words. */
const red: MantineColorsTuple = [
  "#fdeceb",
  "#fbd9d7",
  "#f5b3ae",
  "#ff9a92",
  "#e4645b",
  "#d1443a",
  "#c0352b",
  "#b3261e",
  "#961d16",
  "#7a1610",
];

/** System fonts, Chinese ones named, so that mixed text keeps one weight and height. */
const sans =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "PingFang SC", "Hiragino Sans GB", ' +
  '"Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", Arial, sans-serif';

export const theme = createTheme({
  primaryColor: "pine",
  colors: { pine, dark, red },
  primaryShade: { light: 7, dark: 6 },
  autoContrast: true,
  luminanceThreshold: 0.3,
  fontFamily: sans,
  fontFamilyMonospace:
    'ui-monospace, "SF Mono", Menlo, Consolas, "Noto Sans Mono CJK SC", monospace',
  headings: { fontFamily: sans, fontWeight: "600" },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  fontSizes: { xs: "12px", sm: "13px", md: "14px", lg: "16px", xl: "20px" },
  respectReducedMotion: true,
  cursorType: "pointer",
  components: {
    Modal: {
      styles: { title: { fontWeight: 600, fontSize: 16 } },
      defaultProps: { centered: true, radius: "lg", transitionProps: { duration: 120 } },
    },
    Tooltip: {
      defaultProps: { openDelay: 350, withinPortal: true, transitionProps: { duration: 80 } },
    },
    Menu: {
      defaultProps: {
        shadow: "md",
        withinPortal: false,
        withInitialFocusPlaceholder: false,
        transitionProps: { duration: 80 },
      },
    },
    Button: { defaultProps: { size: "sm", fw: 500 } },
    TextInput: { defaultProps: { size: "sm" } },
    ActionIcon: { defaultProps: { variant: "subtle", color: "gray", size: 32 } },
    Badge: { defaultProps: { variant: "light", tt: "none", fw: 500, size: "md" } },
  },
});

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: shared,
  dark: { ...shared, "--mantine-color-placeholder": "#8d969b" },
});

const shared = {
  "--mantine-color-body": "var(--surface)",
  "--mantine-color-text": "var(--ink)",
  "--mantine-color-dimmed": "var(--ink-faint)",
  "--mantine-color-default-border": "var(--line-strong)",
  "--mantine-color-placeholder": "#6b7479",
  "--mantine-color-error": "var(--danger)",
  "--mantine-color-anchor": "var(--accent)",
};
