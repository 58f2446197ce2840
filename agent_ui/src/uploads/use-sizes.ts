/** Sizes and shares as this person reads them. */

import { createSizes } from "@chat/widget/files";
import { useMemo } from "react";
import { useConsole } from "../app/context";

export interface Sizes {
  size(bytes: number): string;
  percent(share: number): string;
}

export function useSizes(): Sizes {
  const { region } = useConsole();
  return useMemo(() => {
    const percent = new Intl.NumberFormat(region, { style: "percent" });
    return { size: createSizes(region), percent: (share) => percent.format(share) };
  }, [region]);
}
