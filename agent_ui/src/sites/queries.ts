/** Sites and the settings of their widgets, from the API. */

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { Items, Site, SiteDraft } from "../api/types";
import { useConsole } from "../app/context";
import type { Changes, WidgetSettings } from "./settings";

const KEY = ["sites"];

type Scheme = "auto" | "light" | "dark";

/** What loader and panel would be told; only what the console looks at is named. */
export interface Drafted {
  /** As CSS says it. */
  config: { scheme: string };
  boot: { site: { scheme: Scheme } };
  /** What a stranger is asked. */
  before: unknown;
  offline: unknown;
}

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

/** The newest loader, by its content. */
export interface Loader {
  path: string;
  integrity: string;
}

export function useLoader(isWanted: boolean) {
  const { api } = useConsole();
  return useQuery({
    queryKey: ["loader"],
    queryFn: ({ signal }) => api.get<Loader>("/widget/loader", {}, signal),
    enabled: isWanted,
  });
}

const widgetKey = (site: string) => ["sites", site, "widget"];
const widgetPath = (site: string) => `/api/sites/${encodeURIComponent(site)}/widget`;

export function useWidget(site: string) {
  const { api } = useConsole();
  return useQuery({
    queryKey: widgetKey(site),
    queryFn: ({ signal }) => api.get<WidgetSettings>(widgetPath(site), {}, signal),
    // A form stands on it: what somebody else writes meanwhile must not change what is under it.
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
  });
}

/** Replaces the version that was seen. */
export function useSaveWidget(site: string) {
  const { api } = useConsole();
  const client = useQueryClient();
  return useMutation({
    mutationFn: (changes: Changes & { version: number }) =>
      api.patch<WidgetSettings>(widgetPath(site), changes),
    onSuccess: (stored) => client.setQueryData(widgetKey(site), stored),
  });
}

export interface CheckFinding {
  code: string;
  level: "ok" | "warn" | "bad";
  about?: Record<string, string>;
}

export function useCheckSite(site: string) {
  const { api } = useConsole();
  return useMutation({
    mutationFn: (address: string) =>
      api.post<{ findings: CheckFinding[] }>(`/api/sites/${encodeURIComponent(site)}/check`, {
        address,
      }),
  });
}

/** Of the last 30 days. */
export interface Figures {
  shown: number;
  dismissed: number;
  opened: number;
  chats: number;
}

export function useGreetingFigures(site: string) {
  const { api } = useConsole();
  const path = `/api/sites/${encodeURIComponent(site)}/greetings`;
  return useQuery({
    queryKey: ["sites", site, "greetings"],
    queryFn: ({ signal }) => api.get<{ figures: Record<string, Figures> }>(path, {}, signal),
  });
}
