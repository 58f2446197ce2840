/** Sites from the API. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Items, Site, SiteDraft } from "../api/types";
import { useConsole } from "../app/context";

const KEY = ["sites"];

export function useSites() {
  const { api } = useConsole();
  return useQuery({
    queryKey: KEY,
    queryFn: ({ signal }) => api.get<Items<Site>>("/api/sites", { limit: 100 }, signal),
  });
}

/** Creates without an id, else changes that site. */
export function useSaveSite(id: string | null) {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (draft: Partial<SiteDraft>) =>
      id === null
        ? api.post<Site>("/api/sites", draft)
        : api.patch<Site>(`/api/sites/${id}`, draft),
    onSuccess: () => client.invalidateQueries({ queryKey: KEY }),
  });
}
