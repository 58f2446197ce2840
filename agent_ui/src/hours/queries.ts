/** Opening hours from the API. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useConsole } from "../app/context";
import type { Hours, Plan } from "./types";

const keyOf = (site: string) => ["hours", site];
const pathOf = (site: string) => `/api/sites/${encodeURIComponent(site)}/hours`;

export function useHours(site: string) {
  const { api } = useConsole();
  return useQuery({
    queryKey: keyOf(site),
    queryFn: ({ signal }) => api.get<Hours>(pathOf(site), {}, signal),
  });
}

/** Replaces the version that was seen. */
export function useSaveHours(site: string) {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (wanted: Plan & { version: number }) => api.put<Hours>(pathOf(site), wanted),
    onSuccess: (stored) => client.setQueryData(keyOf(site), stored),
  });
}
