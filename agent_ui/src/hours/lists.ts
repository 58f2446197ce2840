/** Rows that are added, changed and removed on a screen: each has a key that stays its own. Pure. */

export type Keyed<T> = T & { readonly key: number };

export function keyed<T extends object>(values: readonly T[]): readonly Keyed<T>[] {
  return values.map((value, key) => ({ ...value, key }));
}

/** Rows only join at the end, so the last key is the highest. */
export function appended<T extends object>(
  list: readonly Keyed<T>[],
  value: T,
): readonly Keyed<T>[] {
  return [...list, { ...value, key: (list.at(-1)?.key ?? -1) + 1 }];
}

export function changed<T extends object>(
  list: readonly Keyed<T>[],
  key: number,
  part: Partial<T>,
): readonly Keyed<T>[] {
  return list.map((row) => (row.key === key ? { ...row, ...part } : row));
}

export function removed<T extends object>(
  list: readonly Keyed<T>[],
  key: number,
): readonly Keyed<T>[] {
  return list.filter((row) => row.key !== key);
}
