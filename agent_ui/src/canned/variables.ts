/** `{{visitor.name}}` and its kin, filled in at insertion. Pure. */

export const variableNames = ["visitor.name", "visitor.email", "agent.name", "site.name"] as const;
export type VariableName = (typeof variableNames)[number];
export type VariableValues = Readonly<Record<VariableName, string | null>>;

export interface Filled {
  readonly text: string;
  /** Known variables that had neither a value nor a fallback: they left a hole. */
  readonly empty: readonly string[];
  /** Names we do not know: left in the text as they are. */
  readonly unknown: readonly string[];
}

const nothing: VariableValues = {
  "visitor.name": null,
  "visitor.email": null,
  "agent.name": null,
  "site.name": null,
};

const PATTERN = /\{\{\s*([\w.]+)\s*(?:\|([^{}]*))?\}\}/g;

export function fill(template: string, values: VariableValues): Filled {
  const empty = new Set<string>();
  const unknown = new Set<string>();
  const text = template.replace(PATTERN, (whole, name: string, fallback: string | undefined) => {
    if (!isVariable(name)) {
      unknown.add(name);
      return whole;
    }
    const value = values[name]?.trim();
    if (value) return value;
    // An empty fallback is a decision too: nothing shall stand there.
    if (fallback !== undefined) return fallback.trim();
    empty.add(name);
    return "";
  });
  return { text, empty: [...empty], unknown: [...unknown] };
}

export function unknownVariables(template: string): readonly string[] {
  return fill(template, nothing).unknown;
}

function isVariable(name: string): name is VariableName {
  return (variableNames as readonly string[]).includes(name);
}
