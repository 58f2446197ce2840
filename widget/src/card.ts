// What the frame may show of itself while the panel is closed.

export interface Card {
  /** As high as this, in CSS pixels; null: nothing. */
  show(height: number | null): void;
  /** Opens the panel. */
  open(): void;
}
