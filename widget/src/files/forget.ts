// Nothing of the person before stays on a shared computer. Apart from the vault, which weighs more.

export function nameOf(scope: string): string {
  return `${scope}files`;
}

export function forgetVault(scope: string, open: () => IDBFactory): void {
  try {
    open().deleteDatabase(nameOf(scope));
  } catch {
    // No storage here, so nothing was kept.
  }
}
