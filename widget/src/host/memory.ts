// The few flags we keep in the host's own storage. Never what was written.

export interface Memory {
  get(): string | null;
  set(value: string | null): void;
}

export function remember(area: "localStorage" | "sessionStorage", name: string): Memory {
  // Storage may be blocked here, and then it throws when touched; every page starts anew in that case.
  const attempt = <Result>(work: (storage: Storage) => Result): Result | null => {
    try {
      return work(window[area]);
    } catch {
      return null;
    }
  };
  return {
    get: () => attempt((storage) => storage.getItem(name)),
    set: (value) =>
      attempt((storage) => (value ? storage.setItem(name, value) : storage.removeItem(name))),
  };
}
