/** Mail on the wire, as docs/http.md names it. */

export interface MailStatus {
  readonly configured: boolean;
  readonly from: string;
  readonly host: string;
  readonly port: number | null;
  readonly security: "starttls" | "tls" | "none" | null;
  readonly counts: Readonly<Record<MailState, number>>;
}

export type MailState = "queued" | "sent" | "failed";

export interface Mail {
  readonly id: string;
  readonly kind: string;
  readonly to: string;
  readonly subject: string;
  readonly state: MailState;
  readonly attempts: number;
  readonly next_at: string | null;
  readonly error: string;
  readonly created_at: string;
  readonly updated_at: string;
}
