/** Canned replies from the API. */

import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { CannedDraft, CannedReply, Items } from "../api/types";
import { useConsole } from "../app/context";

const KEY = "canned";
const MINUTE = 60_000;

/** Best match first; an empty query gives all, as far as one page goes. */
export function useCanned(q: string, enabled = true) {
  const { api } = useConsole();
  return useQuery({
    queryKey: [KEY, q],
    queryFn: ({ signal }) =>
      api.get<Items<CannedReply>>("/api/canned-replies", { q, limit: 100 }, signal),
    placeholderData: keepPreviousData,
    staleTime: MINUTE,
    enabled,
  });
}

/** Creates without a reply to change, else replaces that version of it. */
export function useSaveCanned(changed: CannedReply | null) {
  const { api } = useConsole();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (draft: CannedDraft) =>
      changed === null
        ? api.post<CannedReply>("/api/canned-replies", draft)
        : api.put<CannedReply>(`/api/canned-replies/${changed.id}`, {
            ...draft,
            version: changed.version,
          }),
    onSuccess: refresh,
  });
}

export function useDeleteCanned() {
  const { api } = useConsole();
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (id: string) => api.remove(`/api/canned-replies/${id}`),
    onSuccess: refresh,
  });
}

function useRefresh(): () => Promise<void> {
  const client = useQueryClient();
  return () => client.invalidateQueries({ queryKey: [KEY] });
}
