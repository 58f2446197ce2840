/** Transcripts from the API. */

import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { Items, Person, Site, Transcript, TranscriptPage } from "../api/types";
import { useConsole } from "../app/context";

export interface Filter {
  readonly q: string;
  readonly site: string | null;
  readonly agent: string | null;
  /** Days as the person's calendar has them, `2026-11-22`. */
  readonly from: string;
  readonly to: string;
  /** Ratings, as `1,2`. */
  readonly score: string | null;
}

export const noFilter: Filter = { q: "", site: null, agent: null, from: "", to: "", score: null };

export function useTranscripts(filter: Filter) {
  const { api } = useConsole();
  return useInfiniteQuery({
    queryKey: ["transcripts", filter],
    queryFn: ({ pageParam, signal }) =>
      api.get<Items<Transcript>>(
        "/api/transcripts",
        {
          ...filter,
          from: startOfDay(filter.from),
          to: endOfDay(filter.to),
          cursor: pageParam,
          limit: 50,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
  });
}

/** Long chats come in pages, oldest first. */
export function useTranscript(conversation: string) {
  const { api } = useConsole();
  return useInfiniteQuery({
    queryKey: ["transcript", conversation, "pages"],
    queryFn: ({ pageParam, signal }) =>
      api.get<TranscriptPage>(
        `/api/transcripts/${encodeURIComponent(conversation)}`,
        { after: pageParam },
        signal,
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.next_seq,
  });
}

export function useSiteNames() {
  const { api } = useConsole();
  return useQuery({
    queryKey: ["sites"],
    queryFn: ({ signal }) => api.get<Items<Site>>("/api/sites", { limit: 100 }, signal),
  });
}

export function useAgentNames() {
  const { api } = useConsole();
  return useQuery({
    queryKey: ["agents"],
    queryFn: ({ signal }) => api.get<Items<Person>>("/api/agents", { limit: 100 }, signal),
  });
}

/** A day of the person's calendar is not a day in UTC. */
export function startOfDay(day: string): string {
  return day === "" ? "" : new Date(`${day}T00:00:00`).toISOString();
}

export function endOfDay(day: string): string {
  return day === "" ? "" : new Date(`${day}T23:59:59.999`).toISOString();
}
