/** Which colleague has a photo, and one's own. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useConsole } from "../app/context";

const PHOTOS = ["photos"];
// Somebody else's new photo may come that much later.
const STALE_MS = 5 * 60_000;

interface Known {
  /** Addresses by agents' ids. */
  photos: Readonly<Record<string, string>>;
}

export function usePhoto(agent: string): string | undefined {
  const { api } = useConsole();
  const { data } = useQuery({
    queryKey: PHOTOS,
    queryFn: ({ signal }) => api.get<Known>("/api/photos", {}, signal),
    staleTime: STALE_MS,
  });
  return data?.photos[agent];
}

export function useBringPhoto() {
  const { api } = useConsole();
  return useChange((file: File) => api.upload<Known>("/api/me/photo", file));
}

/** Of a colleague; of oneself without a name. */
export function useRemovePhoto(agent?: string) {
  const { api } = useConsole();
  const path = agent ? `/api/agents/${agent}/photo` : "/api/me/photo";
  return useChange(() => api.remove(path));
}

function useChange<Argument, Answer>(mutationFn: (argument: Argument) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn,
    onSuccess: () => client.invalidateQueries({ queryKey: PHOTOS }),
  });
}
